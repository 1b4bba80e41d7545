import type { Fact, SystemState } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

/** Of one system: enough for its tools, and for the next one beside each. */
const readKeysMax = 10

export const systemAggregate = (clientId: string): string => `system:${clientId}`

/** Refuses 'not-found', and 'state-conflict' when there are enough. */
export function makeReadKeyFor(
  system: SystemState | undefined,
  { id, hash }: { readonly id: string; readonly hash: string },
): readonly Fact[] {
  if (system === undefined) throw new Problem('not-found')
  if ((system.readKeys?.length ?? 0) >= readKeysMax) {
    throw new Problem('state-conflict', {
      detail: { es: 'El sistema ya tiene 10 llaves de lectura', en: 'The system has 10 read keys already' },
    })
  }
  return [{ type: 'read-key-made', aggregate: systemAggregate(`${system.institution}.${system.id}`), id, hash }]
}

/** Refuses 'not-found'. */
export function revokeReadKey(system: SystemState | undefined, id: string): readonly Fact[] {
  if (system?.readKeys?.some((key) => key.id === id) !== true) throw new Problem('not-found')
  return [{ type: 'read-key-revoked', aggregate: systemAggregate(`${system.institution}.${system.id}`), id }]
}
