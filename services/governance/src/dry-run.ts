import { authorize, type Decision, type Policy, type Question, type Target } from '@unavez/policy'

export interface DryRun {
  readonly action: 'publish' | 'subscribe' | 'receive'
  readonly institution: string
  /** Its id within the institution, or the client id. Without it: whichever system of the institution comes closest. */
  readonly system?: string
  readonly contract: string
}

export interface Answered {
  readonly question: Question
  readonly decision: Decision
}

/**
 * What `authorize` would say, by the same function: a yes if any of the questions that the dry run stands for gets one,
 * else the no with the fewest reasons.
 */
export function dryRun(policy: Policy, asked: DryRun, at: Date): Answered {
  let closest: Answered | undefined
  for (const question of questionsOf(policy, asked)) {
    const answered = { question, decision: authorize(policy, question, at) }
    if (answered.decision.allowed) return answered
    if (closest === undefined || distance(answered.decision) < distance(closest.decision)) closest = answered
  }
  if (closest === undefined) throw new Error('a dry run stands for at least one question')
  return closest
}

/** What is not there at all is further from a yes than anything with reasons. */
const distance = ({ hidden, reasons }: Decision): number => (hidden ? Number.POSITIVE_INFINITY : reasons.length)

function* questionsOf(policy: Policy, { action, institution, system, contract }: DryRun): Iterable<Question> {
  const named = system === undefined ? policy.systemsOf(institution).map(({ id }) => id) : [system]
  const systems = named.length === 0 ? [''] : named
  for (const on of targetsOf(policy, { action, institution, contract })) {
    for (const each of systems) yield { action, actor: { institution, system: withinOf(institution, each) }, on }
  }
}

const withinOf = (institution: string, system: string): string =>
  system.startsWith(`${institution}.`) ? system.slice(institution.length + 1) : system

/** Agreements and subscriptions of the institution on the contract, newest first; without any, one that does not exist. */
function targetsOf(policy: Policy, { action, institution, contract }: Omit<DryRun, 'system'>): readonly Target[] {
  if (action === 'publish') return [{ kind: 'contract', id: contract }]
  const agreements = policy
    .agreementsOf(institution)
    .filter((agreement) => agreement.consumer === institution && agreement.contract === contract)
    .toReversed()
  if (action === 'subscribe') {
    return orNone(
      agreements.map(({ id }) => ({ kind: 'agreement', id })),
      { kind: 'agreement', id: '' },
    )
  }
  const subscriptions = agreements.flatMap(({ id }) => policy.subscriptionsOf({ agreement: id }).toReversed())
  return orNone(
    subscriptions.map(({ id }) => ({ kind: 'subscription', id })),
    { kind: 'subscription', id: '' },
  )
}

const orNone = (found: readonly Target[], none: Target): readonly Target[] => (found.length === 0 ? [none] : found)
