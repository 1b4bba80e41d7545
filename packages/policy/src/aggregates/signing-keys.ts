import type { FactOf, PublicKey } from '../facts.ts'

/** The keys after a fact; a key id that exists already keeps its first key. */
export function evolveSigningKeys(keys: readonly PublicKey[], fact: FactOf<'signing-key-added'>): readonly PublicKey[] {
  return keys.some(({ kid }) => kid === fact.key.kid) ? keys : [...keys, fact.key]
}
