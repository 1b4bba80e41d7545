import { hkdfSync } from 'node:crypto'

import type { CanonicalIdentifier } from './identifier-scheme.ts'
import type { MacKey } from './mac-key.ts'

/** A key of 32 bytes for one use: HKDF-SHA256(master key, no salt, info = UTF-8 of `unavez:<label>`). */
export const deriveKey = (masterKey: Uint8Array, label: string): Buffer =>
  Buffer.from(hkdfSync('sha256', masterKey, new Uint8Array(), `unavez:${label}`, 32))

/** The subject inside the bus: base64url of HMAC-SHA256(root key, UTF-8 of `<scheme>:<canonical id>`), e.g. `pa-cedula:8-123-456`. 43 characters. */
export const rootPseudonym = (rootKey: MacKey, { scheme, id }: CanonicalIdentifier): string =>
  rootKey.text(`${scheme}:${id}`)

/** The subject for one consumer: base64url of HMAC-SHA256(the consumer's key, the root pseudonym's 32 bytes). 43 characters. */
export const pairwisePseudonym = (consumerKey: MacKey, root: string): string => consumerKey.text(root, 'base64url')

/** The bytes of a pseudonym, or undefined when the text is none. */
export function pseudonymOf(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.length === 32 && bytes.toString('base64url') === text ? bytes : undefined
}
