import type { FactOf } from '../facts.ts'
import type { SystemKey, SystemState } from '../state.ts'

type KeyFact = FactOf<'system-key-added' | 'system-key-limited' | 'system-key-revoked'>
type ReadKeyFact = FactOf<'read-key-made' | 'read-key-revoked'>
type SystemFact =
  FactOf<'system-registered' | 'system-suspended' | 'system-resumed' | 'system-endpoint-set'> | KeyFact | ReadKeyFact

/** The state after a fact; undefined if the fact makes no sense after what came before. */
export function evolveSystem(state: SystemState | undefined, fact: SystemFact): SystemState | undefined {
  switch (fact.type) {
    case 'system-registered': {
      const { institution, id, name, roles, keys } = fact
      if (state !== undefined || fact.aggregate !== `system:${institution}.${id}`) return undefined
      return { institution, id, name, roles, keys, state: 'active' }
    }
    case 'system-suspended':
      return state?.state === 'active' ? { ...state, state: 'suspended' } : undefined
    case 'system-resumed':
      return state?.state === 'suspended' ? { ...state, state: 'active' } : undefined
    case 'system-key-added':
    case 'system-key-limited':
    case 'system-key-revoked': {
      const keys = state && withKey(state.keys, fact)
      return state && keys && { ...state, keys }
    }
    case 'system-endpoint-set':
      return state && { ...state, endpoint: fact.endpoint }
    case 'read-key-made':
    case 'read-key-revoked':
      return state && withReadKey(state, fact)
  }
}

/** One that is revoked is forgotten: its hash can't come back. */
function withReadKey(state: SystemState, fact: ReadKeyFact): SystemState | undefined {
  const { readKeys = [] } = state
  const others = readKeys.filter(({ id }) => id !== fact.id)
  if (fact.type === 'read-key-revoked') {
    return others.length === readKeys.length ? undefined : { ...state, readKeys: others }
  }
  const { id, hash } = fact
  return others.length === readKeys.length ? { ...state, readKeys: [...readKeys, { id, hash }] } : undefined
}

/** A revoked key stays, so that its id and its material never come back. */
function withKey(keys: readonly SystemKey[], fact: KeyFact): readonly SystemKey[] | undefined {
  if (fact.type === 'system-key-added') {
    const { key, notAfter } = fact
    if (keys.some(({ kid }) => kid === key.kid)) return undefined
    return [...keys, notAfter === undefined ? key : { ...key, notAfter }]
  }
  const known = keys.find(({ kid }) => kid === fact.kid)
  if (known === undefined || known.revoked === true) return undefined
  const changed: SystemKey =
    fact.type === 'system-key-limited' ? { ...known, notAfter: fact.notAfter } : { ...known, revoked: true }
  return keys.map((key) => (key === known ? changed : key))
}

/** Whether a key proves anything at a time: not revoked, and not past its `notAfter`. */
export const keyStands = ({ revoked, notAfter }: SystemKey, at: Date): boolean =>
  revoked !== true && (notAfter === undefined || at.getTime() < Date.parse(notAfter))
