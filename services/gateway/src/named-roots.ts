import { type EncodedRecord, type MacKey, type NamedSubject, rootPseudonym } from '@unavez/contracts'
import { type LinkKind, linkKinds, type Policy } from '@unavez/policy'

import type { Offer } from './offer.ts'

export interface Naming {
  readonly rootKey: MacKey
  readonly policy: Policy
}

/** Whom a record names, as roots. */
export interface NamedRoots {
  /** Gives the record its place. */
  readonly subject: string
  /** Each once, in the order in which the record names them. */
  readonly parties: readonly string[]
  /** `<root>:<first root>` of those that stand under another than their own. */
  readonly joined: readonly string[]
  /** `<kind> <root> <root of the other>`: what the record itself declares. */
  readonly link?: string
}

/** The roots under which the subjects of a record are routed and shown. */
export function namedRoots(offer: Offer, { data, key, parties }: EncodedRecord, naming: Naming): NamedRoots {
  const { policy } = naming
  const declared = declares(offer, policy) ? declaredRoots({ data, key, parties }, naming) : undefined
  if (declared !== undefined) return declared
  const joined: string[] = []
  const root = (named: NamedSubject): string => {
    const own = rootPseudonym(naming.rootKey, named)
    const first = policy.firstRoot(own)
    if (first !== own) joined.push(`${own}:${first}`)
    return first
  }
  const subject = root(key)
  return { subject, parties: parties.length < 2 ? parties.map(root) : [...new Set(parties.map(root))], joined }
}

const linking = /^([a-z]{2})\.gob\.identity\.identifier-linked\.v1$/

/** Only a country's own institution can say who is one person there: the type is the country's, and so is its owner. */
function declares({ contract: { type, domain, owner } }: Offer, policy: Policy): boolean {
  if (domain !== 'identity') return false
  const [, country] = linking.exec(type) ?? []
  return country !== undefined && policy.institution(owner)?.country.toLowerCase() === country
}

/**
 * A declaration takes its place behind what is known of the other identifier, and names both roots as they are: it is how
 * a consumer learns that two pseudonyms are one person.
 */
function declaredRoots(
  { data, key, parties }: Pick<EncodedRecord, 'data' | 'key' | 'parties'>,
  { rootKey, policy }: Naming,
): NamedRoots | undefined {
  const kind = linkKinds.find((each: LinkKind) => each === data['kind'])
  const [party, ...more] = parties
  if (kind === undefined || party === undefined || more.length > 0) return undefined
  const [person, other] = [rootPseudonym(rootKey, key), rootPseudonym(rootKey, party)]
  if (person === other) return undefined
  const subject = policy.firstRoot(other)
  const named = [person, other].filter((root) => root !== subject)
  return { subject, parties: named, joined: [], link: `${kind} ${person} ${other}` }
}
