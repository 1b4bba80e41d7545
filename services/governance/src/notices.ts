import type { Policy } from '@unavez/policy'

/** How long before its end something is told of, in days; the last one that was reached counts. */
const daysBefore = [30, 7, 1] as const
const dayMs = 86_400_000

/** That something of an institution will end soon. */
export interface Notice {
  /** Of what, its end and how long before: the same on every instance, and another once the end is moved. */
  readonly id: string
  readonly kind: 'agreement-ending' | 'key-expiring' | 'contract-sunset'
  /** Whom it is for. */
  readonly institution: string
  /** An agreement's id, `<client id>/<kid>`, or a contract's type. */
  readonly about: string
  /** From when on it is told. */
  readonly due: string
  readonly endsAt: string
  readonly days: (typeof daysBefore)[number]
}

type Ending = Pick<Notice, 'kind' | 'institution' | 'about' | 'endsAt'>

/** What an institution has to know now, soonest end first: one notice for each thing that ends, gone once it has ended. */
export function noticesOf(policy: Policy, institution: string, at: Date): readonly Notice[] {
  const endings = [
    ...agreementsEnding(policy, institution),
    ...keysExpiring(policy, institution),
    ...contractsEnding(policy, institution),
  ]
  return endings
    .flatMap((ending) => noticeAt(ending, at) ?? [])
    .toSorted((a, b) => Date.parse(a.endsAt) - Date.parse(b.endsAt) || (a.id < b.id ? -1 : 1))
}

function noticeAt(ending: Ending, at: Date): Notice | undefined {
  const end = Date.parse(ending.endsAt)
  if (end <= at.getTime()) return undefined
  const days = daysBefore.findLast((each) => end - each * dayMs <= at.getTime())
  if (days === undefined) return undefined
  const due = new Date(end - days * dayMs).toISOString()
  return { id: `${ending.kind}/${ending.about}/${ending.endsAt}/${days}`, ...ending, due, days }
}

/** Those in force, for both sides. */
const agreementsEnding = (policy: Policy, institution: string): readonly Ending[] =>
  policy
    .agreementsOf(institution)
    .filter(({ state }) => state === 'active' || state === 'suspended')
    .map(({ id, validUntil }) => ({ kind: 'agreement-ending', institution, about: id, endsAt: validUntil }))

const keysExpiring = (policy: Policy, institution: string): readonly Ending[] =>
  policy
    .systemsOf(institution)
    .flatMap(({ id, keys }) =>
      keys.flatMap(({ kid, notAfter, revoked }) =>
        notAfter === undefined || revoked === true
          ? []
          : [{ kind: 'key-expiring' as const, institution, about: `${institution}.${id}/${kid}`, endsAt: notAfter }],
      ),
    )

/** For the owner, and for whoever has an agreement in force on it. */
function contractsEnding(policy: Policy, institution: string): readonly Ending[] {
  const own = policy.contracts().filter(({ owner }) => owner === institution)
  const used = policy
    .agreementsOf(institution)
    .filter(({ consumer, state }) => consumer === institution && (state === 'active' || state === 'suspended'))
    .flatMap(({ contract }) => policy.contract(contract) ?? [])
  return [...new Set([...own, ...used])].flatMap(({ type, state, deprecation }) =>
    state === 'deprecated' && deprecation !== undefined
      ? [{ kind: 'contract-sunset' as const, institution, about: type, endsAt: deprecation.sunset }]
      : [],
  )
}
