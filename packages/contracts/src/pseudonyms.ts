import { hkdfSync } from 'node:crypto'

import type { CanonicalIdentifier } from './identifiers.ts'
import type { MacKey } from './mac-key.ts'

/** A key of 32 bytes for one use: HKDF-SHA256(master key, no salt, info = UTF-8 of `unavez:<label>`). */
export const deriveKey = (masterKey: Uint8Array, label: string): Buffer =>
  Buffer.from(hkdfSync('sha256', masterKey, new Uint8Array(), `unavez:${label}`, 32))

/** The subject inside the bus, 32 bytes: HMAC-SHA256(root key, UTF-8 of `<scheme>:<canonical id>`), e.g. `pa-cedula:8-123-456`. */
export const rootPseudonym = (rootKey: MacKey, { scheme, id }: CanonicalIdentifier): Buffer =>
  rootKey.mac(Buffer.from(`${scheme}:${id}`))

/** The subject for one consumer, 32 bytes: HMAC-SHA256(the consumer's key, root pseudonym's bytes). */
export const pairwisePseudonym = (consumerKey: MacKey, root: Uint8Array): Buffer => consumerKey.mac(root)

/** 43 characters of base64url: how a pseudonym is written as a key, a header or a subject. */
export const pseudonymText = (pseudonym: Uint8Array): string =>
  Buffer.from(pseudonym.buffer, pseudonym.byteOffset, pseudonym.byteLength).toString('base64url')

/** The bytes of a pseudonym's text, or undefined when the text is none. */
export function pseudonymOf(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length === 32 && pseudonymText(bytes) === text ? bytes : undefined
}
