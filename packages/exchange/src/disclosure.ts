import { randomBytes } from 'node:crypto'

import { type EventLog, partitionOf } from '@unavez/engine'
import type { Actor, AgreementState, Decision, SubscriptionState } from '@unavez/policy'
import { byOf } from '@unavez/service-kit'

export const disclosuresTopic = 'disclosures'

/** That a range of one partition was shown to a subscription, under what. Written before anything leaves. */
export interface Disclosure {
  readonly subscription: string
  /** `<agreement>@<version>` */
  readonly agreement: string
  /** What kept events out: `<subscription>@<filter version>`, else that of the agreement `<agreement>@<version>`; absent without any. */
  readonly filter?: string
  readonly from: number
  readonly next: number
  /** The control offset it was decided at, the clock then (RFC 3339 UTC), and the version of the rules. */
  readonly n: number
  readonly at: string
  readonly rules: number
  readonly count: number
  /** `RangeDigest` over what was shown. */
  readonly hash: string
  /** Per event the root pseudonyms of its key subject and parties. */
  readonly subjects: readonly (readonly string[])[]
  /** Events of the range that could not be decoded and were not shown; absent if there are none. */
  readonly withheld?: number
}

export interface DisclosureContext {
  readonly log: EventLog
  readonly actor: Actor
  readonly traceparent: string
  readonly topic: string
}

/** The part of a disclosure that is the same for all partitions of a page. */
export const disclosureBasis = (subscription: SubscriptionState, agreement: AgreementState, decision: Decision) => ({
  subscription: subscription.id,
  agreement: `${agreement.id}@${agreement.version}`,
  ...filterNamed(subscription, agreement),
  n: decision.controlOffset,
  at: decision.at.toISOString(),
  rules: decision.rulesVersion,
})

function filterNamed(subscription: SubscriptionState, agreement: AgreementState): Pick<Disclosure, 'filter'> {
  const { id, filter, filterVersion, baseline } = subscription
  if (filter !== undefined || baseline === 'exclude') return { filter: `${id}@${filterVersion}` }
  return agreement.filter === undefined ? {} : { filter: `${agreement.id}@${agreement.version}` }
}

/** That something of evidence requests was shown to one of their two sides, under what. */
export interface EvidenceDisclosure extends Pick<Disclosure, 'n' | 'at' | 'rules' | 'count' | 'hash' | 'subjects'> {
  readonly requests: readonly string[]
  /** The institution that it was shown to, and as what. */
  readonly to: string
  readonly as: 'provider' | 'requester' | 'subject'
  /** `<agreement>@<version>` of each request. */
  readonly agreements: readonly string[]
}

/** Durable on return; rejects as an append does, and then nothing may leave. */
export const recordDisclosure = (
  context: DisclosureContext,
  partition: number,
  disclosure: Disclosure,
): Promise<void> =>
  append(context, {
    key: disclosure.subscription,
    n: disclosure.n,
    partition,
    value: { topic: context.topic, partition, ...disclosure },
  })

/** The same of evidence: in the partition of the first request. */
export const recordEvidenceDisclosure = (context: DisclosureContext, disclosure: EvidenceDisclosure): Promise<void> => {
  const key = disclosure.requests[0] ?? ''
  const partition = partitionOf(Buffer.from(key))
  return append(context, { key, n: disclosure.n, partition, value: { topic: context.topic, ...disclosure } })
}

/** What a consumer said it has of a range, and whether that is what it was shown. One offset per partition. */
export interface CompletenessReport {
  readonly kind: 'completeness-reported'
  readonly subscription: string
  readonly epoch: number
  readonly from: readonly number[]
  readonly to: readonly number[]
  readonly count: number
  readonly hash: string
  readonly matches: boolean
  /** The control offset and the clock when it was said. */
  readonly n: number
  readonly at: string
}

/** A fact of the exchange like what it speaks of, in the same topic: durable on return. */
export const recordReport = (context: DisclosureContext, report: CompletenessReport): Promise<void> => {
  const key = report.subscription
  const partition = partitionOf(Buffer.from(key))
  return append(context, { key, n: report.n, partition, value: { topic: context.topic, ...report } })
}

interface Disclosed {
  readonly key: string
  readonly n: number
  readonly partition: number
  readonly value: object
}

async function append(context: DisclosureContext, { key, n, partition, value }: Disclosed): Promise<void> {
  await context.log.append({
    topic: disclosuresTopic,
    partition,
    key: Buffer.from(key),
    value: Buffer.from(JSON.stringify(value)),
    headers: {
      salt: randomBytes(16),
      n: Buffer.from(String(n)),
      by: Buffer.from(JSON.stringify(byOf(context.actor))),
      traceparent: Buffer.from(context.traceparent),
    },
  })
}
