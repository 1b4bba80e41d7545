export { isProblemCode, type ProblemCode, problems } from './catalogue.ts'
export { CursorDigest, type CursorDigestEnd, type PartitionDigest, RangeDigest, totalOf } from './digest.ts'
export { addDuration } from './duration.ts'
export { type Effect, effects } from './effect.ts'
export type { EndpointAuth } from './endpoint-auth.ts'
export {
  type AcceptedEvent,
  type BatchItem,
  type ChangeType,
  changeTypes,
  type DeliveredEvent,
  type OfferedEvent,
  type PulledPage,
} from './event.ts'
export { apiLimits } from './limits.ts'
export { type Language, Problem, type ProblemDetails, type ProblemDocument, type Reason, type Text } from './problem.ts'
export { makeWebhookKeyPair, makeWebhookSecret } from './webhook-keys.ts'
export {
  openWebhookSigner,
  openWebhookVerifier,
  type ReceivedWebhook,
  type SignWebhook,
  type VerifyWebhook,
  type WebhookFault,
  type WebhookHeaders,
  webhookLimits,
  type WebhookVerdict,
} from './webhook-signature.ts'
