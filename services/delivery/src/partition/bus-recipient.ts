import type { Recipient } from '@unavez/exchange'
import { authorize, type Decision, theBus } from '@unavez/policy'
import type { Surroundings } from '@unavez/service-kit'

/** Policy says no: nothing leaves until something is decided, or a time has come. */
export class NotDelivered extends Error {
  readonly decision: Decision

  constructor(decision: Decision) {
    super(decision.reasons.map(({ code }) => code).join(', '))
    this.decision = decision
  }
}

/** The bus in the place of a caller: it asks policy about what it pushes as a consumer's pull asks. */
export function busRecipient(
  { control, clock }: Pick<Surroundings, 'control' | 'clock'>,
  { subscription, traceparent, gone }: Pick<Recipient, 'subscription' | 'traceparent' | 'gone'>,
): Recipient {
  const actor = theBus('delivery')
  const question = { action: 'deliver', actor, on: { kind: 'subscription', id: subscription } } as const
  const decided = (): Decision => authorize(control.policy, question, clock.now())
  return {
    subscription,
    actor,
    traceparent,
    gone,
    async authorize() {
      const stale = control.fresh()
      if (stale !== undefined) await stale
      const decision = decided()
      if (!decision.allowed) throw new NotDelivered(decision)
      return decision
    },
    allowed: () => decided().allowed,
  }
}
