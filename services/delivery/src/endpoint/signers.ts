import type { PushSecrets } from '@unavez/exchange'
import { openWebhookSigner, type SignWebhook } from '@unavez/protocol'

import type { Recipient } from './attempt.ts'
import { CallFailure } from './call-failure.ts'
import { endpointLimits } from './limits.ts'
import { Recent } from './recent.ts'

/** Signs as a subscription's keys say at a time. Rejects CallFailure 'keys-missing' while one of them has not arrived here. */
export type SignerOf = (subscription: Recipient, now: Date) => Promise<SignWebhook>

/** Keys never change under their name, so that what they open is kept by their names. */
export function openSigners(secrets: Pick<PushSecrets, 'signingTexts'>): SignerOf {
  const signers = new Recent<{ readonly by: string; readonly signer: Promise<SignWebhook> }>(endpointLimits.opened)
  return ({ id, keys }, now) => {
    const inForce = keys.filter(({ until }) => until === undefined || now.getTime() < Date.parse(until))
    const by = inForce.map(({ sealed }) => sealed).join(' ')
    const before = signers.get(id)
    if (before?.by === by) return before.signer
    const opened = { by, signer: signer({ id, keys: inForce }, now) }
    signers.set(id, opened)
    opened.signer.catch(() => signers.delete(id, opened))
    return opened.signer
  }

  async function signer(subscription: Pick<Recipient, 'id' | 'keys'>, now: Date): Promise<SignWebhook> {
    const texts = await secrets.signingTexts(subscription, now)
    if (texts.length === 0 || texts.length < subscription.keys.length) throw new CallFailure('keys-missing')
    return openWebhookSigner(texts)
  }
}
