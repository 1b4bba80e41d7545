import type { Recipient } from '@unavez/exchange'
import { authorize } from '@unavez/policy'
import type { Call, Surroundings } from '@unavez/service-kit'

/** Whoever asks, as the one to whom its subscription's events are shown. */
export function callRecipient(
  { control, clock }: Pick<Surroundings, 'control' | 'clock'>,
  call: Pick<Call, 'actor' | 'traceparent' | 'gone' | 'authorize'>,
  subscription: string,
): Recipient {
  const { actor, traceparent, gone } = call
  const on = { kind: 'subscription', id: subscription } as const
  return {
    subscription,
    actor,
    traceparent,
    gone,
    authorize: () => call.authorize('receive', on),
    allowed: () => authorize(control.policy, { action: 'receive', actor, on }, clock.now()).allowed,
  }
}
