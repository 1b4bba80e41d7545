import { createHmac, timingSafeEqual } from 'node:crypto'

import { canonicalContent, type Headers, type Message } from '@unavez/engine'

interface Content {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: Headers
}

const macOf = (key: Buffer, content: Content): Buffer =>
  createHmac('sha256', key)
    .update(canonicalContent(content.key, content.value, content.headers))
    .digest()

/** The headers with `mac`: HMAC-SHA256 over key, value and the other headers. The position is not known before the append. */
export const withMac = (key: Buffer, content: Content): Headers => ({ ...content.headers, mac: macOf(key, content) })

/** Whether a record was written by this bus. */
export function isAuthentic(key: Buffer, message: Message): boolean {
  const given = message.headers['mac'] ?? Buffer.alloc(0)
  const expected = macOf(key, message)
  return given.length === expected.length && timingSafeEqual(given, expected)
}
