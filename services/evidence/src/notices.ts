import type { EvidenceRequested, EvidenceSettled, EvidenceStale } from '@unavez/schemas'
import type { Notice } from '@unavez/service-kit'

import type { RequestState } from './facts.ts'

const requested = 'unavez.bus.evidence-requested.v1'
const settled = 'unavez.bus.evidence-settled.v1'
const stale = 'unavez.bus.evidence-stale.v1'

/** States that somebody else than the requester has brought about. */
const told: ReadonlySet<RequestState['state']> = new Set([
  'waiting',
  'preview',
  'supplied',
  'not-found',
  'refused',
  'declined',
  'expired',
])

/** What the two sides of a request are told when it has changed; the ids are the same for whoever finds it. */
export function noticesOf(before: RequestState | undefined, after: RequestState, at: Date): readonly Notice[] {
  const { id, version, evidenceType, procedure, requirement, requester, provider, deadline, state } = after
  const occurredat = at.toISOString()
  const common = { request: id, evidenceType, procedure }
  const asked: Notice = {
    type: requested,
    id: `ntc_${id}_${version}_provider`,
    occurredat,
    data: { institution: provider, ...common, requester, deadline } satisfies EvidenceRequested,
  }
  const changed: Notice = {
    type: settled,
    id: `ntc_${id}_${version}_requester`,
    occurredat,
    data: { institution: requester, ...common, requirement, state } satisfies EvidenceSettled,
  }
  return [
    ...(state === 'forwarded' && before?.state !== state ? [asked] : []),
    ...(told.has(state) && before?.state !== state ? [changed] : []),
  ]
}

/** A received answer that an event has made out of date. */
export const staleNotice = (
  held: {
    readonly request: string
    readonly requester: string
    readonly evidenceType: string
    readonly procedure: string
  },
  event: { readonly id: string; readonly type: string; readonly at: Date },
): Notice => ({
  type: stale,
  id: `ntc_${held.request}_stale`,
  occurredat: event.at.toISOString(),
  data: {
    institution: held.requester,
    request: held.request,
    evidenceType: held.evidenceType,
    procedure: held.procedure,
    event: event.type,
  } satisfies EvidenceStale,
  causedby: event.id,
})
