import { createHash } from 'node:crypto'

import type { AgreementState, Policy } from '@unavez/policy'
import type { EventData } from '@unavez/schemas'

/** How long before its end something is told of, in days; the last one that was reached counts. */
const daysBefore = {
  'key-expiring': [30, 7, 1],
  'agreement-ending': [60, 30, 7],
  'contract-sunset': [180, 30, 7],
} as const
type Kind = keyof typeof daysBefore
type Days = (typeof daysBefore)[Kind][number]
const dayMs = 86_400_000

/** The longest time that a notice goes on being told. */
export const noticeDaysMax = 180

type Told = { readonly [Each in Kind]: EventData[`unavez.bus.${Each}.v1`] }

/** That something of an institution will end soon: what its event says, and the list of those that stand. */
export interface Notice {
  /** The event's id. Of whom and what, its end and how long before: the same on every instance, another once the end is moved. */
  readonly id: string
  readonly type: `unavez.bus.${Kind}.v1`
  readonly kind: Kind
  /** Whom it is for. */
  readonly institution: string
  /** An agreement's id, `<client id>/<kid>`, or a contract's type. */
  readonly about: string
  /** From when on it is told. */
  readonly due: string
  readonly endsAt: string
  readonly days: Days
  /** The event's data. */
  readonly data: Told[Kind]
}

type Ending = Pick<Notice, 'institution' | 'about' | 'endsAt'> &
  { [Each in Kind]: { readonly kind: Each; readonly data: Omit<Told[Each], 'institution' | 'days'> } }[Kind]

/** What an institution has to know now, soonest end first: one notice for each thing that ends, gone once it has ended. */
export function noticesOf(policy: Policy, institution: string, at: Date): readonly Notice[] {
  const agreements = policy.agreementsOf(institution).filter(({ state }) => state === 'active' || state === 'suspended')
  const asked = { policy, institution, at }
  const endings = [
    ...agreementsEnding(agreements, asked),
    ...keysExpiring(asked),
    ...contractsEnding(agreements, asked),
  ]
  return endings
    .flatMap((ending) => noticeAt(ending, at) ?? [])
    .toSorted((a, b) => Date.parse(a.endsAt) - Date.parse(b.endsAt) || (a.id < b.id ? -1 : 1))
}

interface Asked {
  readonly policy: Policy
  readonly institution: string
  readonly at: Date
}

/** Whether it is near enough to be told of: asked before anything is made of it, since most of what ends ends much later. */
function isNear(kind: Kind, endsAt: string, at: Date): boolean {
  const left = Date.parse(endsAt) - at.getTime()
  return left > 0 && left <= daysBefore[kind][0] * dayMs
}

function noticeAt(ending: Ending, at: Date): Notice | undefined {
  const { kind, institution, about, endsAt } = ending
  const end = Date.parse(endsAt)
  const days = daysBefore[kind].findLast((each) => end - each * dayMs <= at.getTime())
  if (days === undefined) return undefined
  const due = new Date(end - days * dayMs).toISOString()
  const id = idOf([kind, institution, about, endsAt, days])
  const data = { institution, ...ending.data, days }
  return { id, type: `unavez.bus.${kind}.v1`, kind, institution, about, due, endsAt, days, data }
}

/** A hash tells nothing of what it is about, and holds nothing that could be taken for an identifier. */
const idOf = (of: readonly unknown[]): string =>
  `ntc_${createHash('sha256').update(JSON.stringify(of)).digest('base64url').slice(0, 32)}`

/** Those in force, for both sides. */
const agreementsEnding = (agreements: readonly AgreementState[], { institution, at }: Asked): readonly Ending[] =>
  agreements
    .filter(({ validUntil }) => isNear('agreement-ending', validUntil, at))
    .map(({ id, contract, consumer, owner, validUntil }) => {
      const counterpart = consumer === institution ? owner : consumer
      const data = { agreement: id, contract, counterpart, endsAt: validUntil }
      return { kind: 'agreement-ending', institution, about: id, endsAt: validUntil, data }
    })

const keysExpiring = ({ policy, institution, at }: Asked): readonly Ending[] =>
  policy.systemsOf(institution).flatMap(({ id, keys }) =>
    keys.flatMap(({ kid, notAfter, revoked }): readonly Ending[] => {
      if (notAfter === undefined || revoked === true || !isNear('key-expiring', notAfter, at)) return []
      const system = `${institution}.${id}`
      const data = { system, key: kid, expiresAt: notAfter }
      return [{ kind: 'key-expiring', institution, about: `${system}/${kid}`, endsAt: notAfter, data }]
    }),
  )

/** For the owner, and for whoever has an agreement in force on it. */
function contractsEnding(agreements: readonly AgreementState[], { policy, institution, at }: Asked): readonly Ending[] {
  const own = policy.contracts().filter(({ owner }) => owner === institution)
  const used = new Set(agreements.filter(({ consumer }) => consumer === institution).map(({ contract }) => contract))
  const theirs = [...used].flatMap((type) => policy.contract(type) ?? [])
  return [...new Set([...own, ...theirs])].flatMap(({ type, state, deprecation }): readonly Ending[] => {
    if (state !== 'deprecated' || deprecation === undefined) return []
    const { sunset } = deprecation
    if (!isNear('contract-sunset', sunset, at)) return []
    return [{ kind: 'contract-sunset', institution, about: type, endsAt: sunset, data: { contract: type, sunset } }]
  })
}
