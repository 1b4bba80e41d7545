import { theBus } from '@unavez/policy'
import type { Outcome, Surroundings } from '@unavez/service-kit'

import type { Consent } from './handshake.ts'

/** Whose consent to what: an endpoint in one version. */
export interface Consented {
  readonly subscription: string
  readonly version: number
  readonly consent: NonNullable<Consent>
}

/**
 * Decides that an endpoint was consented to, once, whoever says so how often. Nothing is decided about an endpoint that was
 * replaced meanwhile, or that somebody's word has confirmed already.
 */
export function submitConsent(
  { control }: Pick<Surroundings, 'control'>,
  { subscription, version, consent }: Consented,
): Promise<Outcome> {
  const aggregate = `subscription:${subscription}`
  return control.submit({
    command: `consent/${subscription}/${version}`,
    hash: 'consent',
    by: theBus('delivery'),
    decide(policy) {
      const { state, endpoint } = policy.subscription(subscription) ?? {}
      const isAsked = state !== 'ended' && endpoint?.version === version && !endpoint.consented
      if (!isAsked) return { facts: [], reads: [aggregate] }
      const fact = { type: 'subscription-consented', aggregate, endpointVersion: version, by: 'handshake' } as const
      return { facts: [{ ...fact, ...consent }], reads: [] }
    },
  })
}
