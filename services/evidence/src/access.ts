import type { Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import type { AccessRequest, Call } from '@unavez/service-kit'

import type { RequestState } from './facts.ts'

export const owner = 'evidence'

/** Before a request is loaded only the role can be asked about; whose it is, as soon as it is known. */
export const onBus = (): Target => ({ kind: 'bus' })

/** The procedure that the body names; without one the speaker's own institution, so that the body's fault is told and not hidden. */
export const procedureIn = ({ body }: AccessRequest): Target => {
  const named = typeof body === 'object' && body !== null && 'procedure' in body ? body.procedure : undefined
  return { kind: 'procedure', id: typeof named === 'string' ? named : '' }
}

/** For whom the speaker acts: under a delegation, the principal. */
export const speakerOf = ({ actor }: Call): string => actor.onBehalfOf ?? actor.institution

/** Others' requests are as if they were not there. */
export function requireSide(call: Call, state: RequestState, side: 'provider' | 'requester'): void {
  if (state[side] !== speakerOf(call)) throw new Problem('not-found')
}

/** Its agreement still has to be in force, now. */
export const requireAgreement = (call: Call, state: RequestState, action: 'provide' | 'read-evidence') =>
  call.authorize(action, { kind: 'agreement', id: state.agreement })
