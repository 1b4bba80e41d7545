import { operator } from '../operator.ts'
import type { Policy } from '../policy.ts'
import type { Actor } from '../question.ts'
import type { SystemState } from '../state.ts'
import { type Refusal, refuse, tooNew } from './asked.ts'

/** The system that speaks, if it and its institution are known, readable and active. */
export function speakerOf(policy: Policy, actor: Actor): SystemState | readonly Refusal[] {
  const institution = policy.institution(actor.institution)
  const clientId = `${actor.institution}.${actor.system}`
  const system = policy.system(clientId)
  if (institution === undefined && policy.opaque(`institution:${actor.institution}`)) return tooNew
  if (system === undefined && policy.opaque(`system:${clientId}`)) return tooNew
  if (institution === undefined || system?.institution !== institution.id) return refuse('speaker-unknown', operator.id)
  if (institution.state !== 'active') return refuse('institution-suspended', operator.id)
  if (system.state !== 'active') return refuse('system-suspended', institution.id, operator.id)
  return system
}
