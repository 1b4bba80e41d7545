export { Client, type ClientOptions, type DataByType, type Publication, type PullOptions } from './client.ts'
export type { FollowOptions } from './follow.ts'
export type { EvidenceAnswer, EvidenceRequested, Lookup, ProvideOptions } from './provide.ts'
export type { DigestAnswer, DigestPart, DigestReport, ProveOptions } from './proof.ts'
export { type RetryPolicy, Unreachable } from './retry.ts'
export type {
  ReportedEffect,
  Rewound,
  RewindTo,
  Subscription,
  SubscriptionChange,
  SubscriptionFilter,
  SubscriptionWish,
} from './subscriptions.ts'
export type { Credentials } from './token.ts'
export {
  verifyWebhook,
  type WebhookAnswer,
  WebhookReceiver,
  type WebhookReceiverOptions,
  type WebhookRequest,
} from './webhook-receiver.ts'
export { type Seen, SeenInMemory } from './webhook-seen.ts'
export { fastifyPlugin, nodeListener } from './webhook-servers.ts'
export {
  type AcceptedEvent,
  type BatchItem,
  type DeliveredEvent,
  type Effect,
  type OfferedEvent,
  Problem,
  type PulledPage,
  type WebhookVerdict,
} from '@unavez/protocol'
