import type { AgreementState } from '../agreement-facts.ts'
import type { Policy } from '../policy.ts'
import { inForce } from './agreements.ts'
import { type Answer, yes } from './asked.ts'

/**
 * Since when an agreement is over, while corrections of what was received under it still come (`correctionsUntil`); undefined if it
 * is not over, or they come no more. What is suspended is not over: its corrections wait with the rest.
 */
export function overSince(policy: Policy, agreement: AgreementState, at: Date): Date | undefined {
  const { correctionsUntil, owner, consumer, contract } = agreement
  if (correctionsUntil === undefined || at.getTime() >= Date.parse(correctionsUntil)) return undefined
  const stand = [owner, consumer].every((id) => policy.institution(id)?.state === 'active')
  const state = policy.contract(contract)?.state
  const end = stand && (state === 'published' || state === 'deprecated') ? endOf(policy, agreement) : undefined
  return end === undefined || end > at.getTime() ? undefined : new Date(end)
}

/** Ended by a decision, or by its time; whichever came first. */
function endOf(policy: Policy, { id, state, validUntil }: AgreementState): number | undefined {
  if (state === 'active') return Date.parse(validUntil)
  if (state !== 'ended') return undefined
  const ended = policy.history(`agreement:${id}`).findLast(({ type }) => type === 'agreement-ended')
  return ended === undefined ? undefined : Math.min(Date.parse(ended.at), Date.parse(validUntil))
}

/** Whether anything may still be received: all that is agreed, or corrections alone. */
export const inForceOrCorrected = (policy: Policy, agreement: AgreementState, at: Date): Answer =>
  overSince(policy, agreement, at) === undefined ? inForce(policy, agreement, at) : yes
