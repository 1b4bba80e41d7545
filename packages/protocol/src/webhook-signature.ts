import { readWebhookKey } from './webhook-keys.ts'

export const webhookLimits = {
  /** How far the sender's clock may be from the receiver's, both ways. */
  toleranceSeconds: 300,
  /** Signatures looked at in one header: a handful while keys rotate. */
  signatures: 16,
} as const

/** The headers of Standard Webhooks 1.0 (https://www.standardwebhooks.com). */
export interface WebhookHeaders {
  /** The same on each retry. */
  readonly 'webhook-id': string
  /** Seconds since 1970; of this attempt. */
  readonly 'webhook-timestamp': string
  /** `v1a,<base64>` and `v1,<base64>` with a space between, one per key. */
  readonly 'webhook-signature': string
}

export type SignWebhook = (webhook: { readonly id: string; readonly at: Date; readonly body: Buffer }) => WebhookHeaders

/** Signs with every key given (`whsk_`, `whsec_`): while keys rotate, with the old one too. Throws on text that is no such key. */
export function openWebhookSigner(keys: readonly string[]): SignWebhook {
  const opened = keys.map((text) => {
    const { version, sign } = readWebhookKey(text)
    if (sign === undefined) throw new TypeError('A public key does not sign')
    return { version, sign }
  })
  return ({ id, at, body }) => {
    const timestamp = String(Math.floor(at.getTime() / 1000))
    const content = contentOf({ id, timestamp, body })
    const signatures = opened.map(({ version, sign }) => `${version},${sign(content).toString('base64')}`)
    return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
  }
}

/** Why a webhook is not to be believed. */
export type WebhookFault = 'headers-missing' | 'timestamp-too-old' | 'timestamp-too-new' | 'signature-invalid'

export type WebhookVerdict =
  | { readonly valid: true; readonly id: string; readonly sentAt: Date }
  | { readonly valid: false; readonly fault: WebhookFault }

export interface ReceivedWebhook {
  /** Names in lower case, as Node gives them. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The bytes as they came: JSON that was parsed and written again has another signature. */
  readonly body: Buffer
}

export type VerifyWebhook = (webhook: ReceivedWebhook, now: Date) => WebhookVerdict

/** Believes a webhook that any one of the keys (`whpk_`, `whsec_`) signed within the tolerance. Throws on text that is no such key. */
export function openWebhookVerifier(
  keys: readonly string[],
  toleranceSeconds: number = webhookLimits.toleranceSeconds,
): VerifyWebhook {
  const opened = keys.map(readWebhookKey)
  return ({ headers, body }, now) => {
    const id = headers['webhook-id']
    const timestamp = headers['webhook-timestamp']
    const signature = headers['webhook-signature']
    if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signature !== 'string')
      return { valid: false, fault: 'headers-missing' }
    // A dot in the id could hand the id's end over to the timestamp.
    if (id === '' || id.includes('.') || !/^\d{1,12}$/.test(timestamp))
      return { valid: false, fault: 'headers-missing' }
    const aheadSeconds = Number(timestamp) - now.getTime() / 1000
    if (aheadSeconds < -toleranceSeconds) return { valid: false, fault: 'timestamp-too-old' }
    if (aheadSeconds > toleranceSeconds) return { valid: false, fault: 'timestamp-too-new' }
    const content = contentOf({ id, timestamp, body })
    let valid = false
    for (const { version, bytes } of signaturesIn(signature)) {
      for (const key of opened) if (key.version === version) valid = key.verifies(content, bytes) || valid
    }
    if (!valid) return { valid: false, fault: 'signature-invalid' }
    return { valid: true, id, sentAt: new Date(Number(timestamp) * 1000) }
  }
}

const contentOf = (signed: { id: string; timestamp: string; body: Buffer }): Buffer =>
  Buffer.concat([Buffer.from(`${signed.id}.${signed.timestamp}.`), signed.body])

const signaturesIn = (header: string): readonly { version: string; bytes: Buffer }[] =>
  header.split(' ', webhookLimits.signatures).flatMap((each) => {
    const comma = each.indexOf(',')
    return comma < 0 ? [] : [{ version: each.slice(0, comma), bytes: Buffer.from(each.slice(comma + 1), 'base64') }]
  })
