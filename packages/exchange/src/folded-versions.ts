import { schemaIdOf } from '@unavez/contracts'
import type { Message } from '@unavez/engine'
import type { Policy } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import type { Surroundings } from '@unavez/service-kit'

export type FoldedVersions = (messages: readonly Message[]) => Promise<void>

/**
 * What another instance has just accepted may be by a version that is not folded here yet: that is waited for, before anybody
 * judges or decodes it. What is unknown then is so for ever. Rejects 'policy-stale' if nothing newer can be known.
 */
export function openFoldedVersions({ control, clock }: Pick<Surroundings, 'control' | 'clock'>): FoldedVersions {
  return async (messages) => {
    if (messages.every(({ value }) => isFolded(control.policy, value))) return
    if (!(await control.provenSince(clock.monotonic()))) throw new Problem('policy-stale', { retryAfter: 1 })
  }
}

/** What names no version waits for none. */
function isFolded(policy: Policy, value: Buffer | null): boolean {
  try {
    return policy.schemaById(schemaIdOf(value ?? Buffer.alloc(0))) !== undefined
  } catch {
    return true
  }
}
