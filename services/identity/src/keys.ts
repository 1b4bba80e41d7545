import { refuseIdentifier } from '@unavez/contracts'
import { type Fact, keyStands, type PublicKey, type SystemKey, type SystemState } from '@unavez/policy'
import { Problem, type Text } from '@unavez/protocol'

import { materialOf } from './public-keys.ts'
import { systemAggregate } from './system.ts'

/** That stand at one time: enough to let a new one overlap an old one on several machines. */
export const keysMax = 10

export interface SetKey {
  readonly kid: string
  /** Required for a `kid` that is not there yet. */
  readonly key?: PublicKey
  readonly notAfter?: string
}

/**
 * Adds a key beside those that stand, or says until when one stands. Throws 'not-found', 'key-exists' (a revoked key never comes
 * back, under no name), 'body-invalid', 'state-conflict' for one too many and for what has expired.
 */
export function setKey(state: SystemState | undefined, { kid, key, notAfter }: SetKey, now: Date): readonly Fact[] {
  if (state === undefined) throw new Problem('not-found')
  const aggregate = systemAggregate(state.institution, state.id)
  const known = state.keys.find((each) => each.kid === kid)
  if (known !== undefined) {
    if (known.revoked === true || (key !== undefined && materialOf(key) !== materialOf(known))) {
      throw new Problem('key-exists')
    }
    if (notAfter === undefined || notAfter === known.notAfter) return []
    if (!keyStands(known, now)) throw conflict(expired)
    return [{ type: 'system-key-limited', aggregate, kid, notAfter }]
  }
  if (key === undefined) throw new Problem('body-invalid', { pointer: '/jwk', detail: keyNeeded })
  const limit = notAfter === undefined ? {} : { notAfter }
  if (!keyStands({ ...key, ...limit }, now)) throw new Problem('body-invalid', { pointer: '/notAfter', detail: past })
  if (state.keys.some((each) => materialOf(each) === materialOf(key))) throw new Problem('key-exists')
  if (state.keys.filter((each) => keyStands(each, now)).length >= keysMax) throw conflict(tooMany)
  return [{ type: 'system-key-added', aggregate, key, ...limit }]
}

/** Revoking what is revoked changes nothing. Throws 'not-found', 'identifier-in-clear'. */
export function revokeKey(
  state: SystemState | undefined,
  { kid, reason }: { readonly kid: string; readonly reason?: string },
): readonly Fact[] {
  const known: SystemKey | undefined = state?.keys.find((each) => each.kid === kid)
  if (state === undefined || known === undefined) throw new Problem('not-found')
  if (reason !== undefined) refuseIdentifier(reason, '/reason')
  if (known.revoked === true) return []
  const aggregate = systemAggregate(state.institution, state.id)
  return [{ type: 'system-key-revoked', aggregate, kid, ...(reason === undefined ? {} : { reason }) }]
}

const conflict = (detail: Text): Problem => new Problem('state-conflict', { detail })
const keyNeeded: Text = { es: 'Falta la clave pública', en: 'The public key is missing' }
const past: Text = { es: 'Ya pasó', en: 'It has passed already' }
const expired: Text = { es: 'La clave ya venció; registre otra', en: 'The key has expired; register another one' }
const tooMany: Text = {
  es: `Hay ${keysMax} claves vigentes; revoque alguna`,
  en: `${keysMax} keys stand already; revoke one`,
}
