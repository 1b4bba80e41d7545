import { createHash, randomBytes } from 'node:crypto'

import { speakerName } from './http/speaking.ts'
import type { Call } from './http.ts'

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const length = 26

/**
 * `<prefix>_` and 26 characters of base32 (RFC 4648, lower case: 130 bits). Of a command that carries an `Idempotency-Key`
 * it is a hash, so that a repeat names the same aggregate, on any instance; of any other it is random.
 */
export function identifierOf(prefix: string, call: Pick<Call, 'actor' | 'headers'>): string {
  const key = call.headers['idempotency-key']
  const bytes =
    typeof key === 'string'
      ? createHash('sha256')
          .update(JSON.stringify([prefix, speakerName(call.actor), key]))
          .digest()
      : randomBytes(32)
  return `${prefix}_${base32(bytes).slice(0, length)}`
}

function base32(bytes: Buffer): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xfff
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet.charAt((held >> (bits - 5)) & 31)
  }
  return text
}
