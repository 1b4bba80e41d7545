import { createHmac, timingSafeEqual } from 'node:crypto'

/** What the callback of a handshake proves: whoever has it was reached at the endpoint, in this version, not long ago. */
export interface ConsentAsked {
  readonly subscription: string
  readonly version: number
  readonly until: Date
}

const lengths = { version: 4, until: 5, mac: 16 } as const
const codeLength = Math.ceil(((lengths.version + lengths.until + lengths.mac) * 4) / 3)

/** base64url(endpoint version 4, seconds since 1970 5, first 16 bytes of the HMAC over both and the subscription). */
export function encodeConsentCode(key: Buffer, { subscription, version, until }: ConsentAsked): string {
  const content = Buffer.alloc(lengths.version + lengths.until)
  const at = content.writeUInt32BE(version)
  content.writeUIntBE(Math.floor(until.getTime() / 1000), at, lengths.until)
  return Buffer.concat([content, macOf(key, subscription, content)]).toString('base64url')
}

/** Undefined if it is none of ours, of another subscription, or over. */
export function decodeConsentCode(
  key: Buffer,
  { subscription, code }: { readonly subscription: string; readonly code: string },
  now: Date,
): ConsentAsked | undefined {
  const bytes = Buffer.from(code, 'base64url')
  if (code.length !== codeLength || bytes.length !== lengths.version + lengths.until + lengths.mac) return undefined
  const content = bytes.subarray(0, lengths.version + lengths.until)
  if (!timingSafeEqual(bytes.subarray(content.length), macOf(key, subscription, content))) return undefined
  const until = new Date(content.readUIntBE(lengths.version, lengths.until) * 1000)
  return until < now ? undefined : { subscription, version: content.readUInt32BE(0), until }
}

const macOf = (key: Buffer, subscription: string, content: Buffer): Buffer =>
  createHmac('sha256', key).update(subscription).update('\0').update(content).digest().subarray(0, lengths.mac)
