import type { Policy } from './policy.ts'
import type { Action, Actor, Decision, Question, Target } from './question.ts'

/** What a question is answered, whatever the time and the offset. */
export type Verdict = Pick<Decision, 'allowed' | 'rule' | 'reasons' | 'hidden'>

/** From when to before when it stands, as long as nothing is folded. Milliseconds since 1970. */
interface Kept {
  readonly verdict: Verdict
  readonly action: Action
  readonly actor: Actor
  readonly fold: number
  readonly from: number
  readonly until: number
  /** About the same target, asked by others or for something else. */
  readonly next: Kept | undefined
}

/** Contracts, agreements and subscriptions that verdicts are kept of: more than a country has subscriptions. */
const targetsMax = 131_072
/** Verdicts kept of one target: its few systems ask again and again. */
const perTarget = 4

/** What is asked for each request, and of what: told by one look-up instead of one for each party to it. */
const hot: Readonly<Partial<Record<Action, Target['kind']>>> = {
  publish: 'contract',
  receive: 'subscription',
  deliver: 'subscription',
  'read-agreement': 'agreement',
}

/**
 * The hot path of `authorize`: verdicts of the rules, which follow from the fold, the question, and on which side of a few
 * moments the clock stands. So one stands until the next record is folded or the next of those moments.
 */
export class Verdicts {
  readonly #kept = new Map<string, Kept>()
  #fold = 0

  /** To be called with each record folded. Nothing is visited: what was kept of another fold is not found any more. */
  forget(): void {
    this.#fold += 1
  }

  find({ action, actor, on }: Question, at: Date): Verdict | undefined {
    if (!('id' in on) || hot[action] !== on.kind) return undefined
    const now = at.getTime()
    for (let kept = this.#kept.get(on.id); kept?.fold === this.#fold; kept = kept.next) {
      if (kept.action === action && kept.from <= now && now < kept.until && isSame(kept.actor, actor))
        return kept.verdict
    }
    return undefined
  }

  /** Keeps what the rules said just now, if it is asked often and it is known how long it stands. */
  keep(policy: Policy, question: Question & { readonly at: Date }, verdict: Verdict): void {
    const { action, actor, on, at } = question
    const moments = momentsOf(policy, question)
    if (moments === undefined || !('id' in on)) return
    const now = at.getTime()
    const [from, until] = [before(moments, now), after(moments, now)]
    if (!(from <= now && now < until)) return
    if (this.#kept.size >= targetsMax && !this.#kept.has(on.id)) this.#kept.clear()
    const next = this.#rest(on.id)
    this.#kept.set(on.id, { verdict, action, actor, fold: this.#fold, from, until, next })
  }

  /** Those of this fold that go on standing beside a new one; none once they are too many. */
  #rest(id: string): Kept | undefined {
    const first = this.#kept.get(id)
    if (first?.fold !== this.#fold) return undefined
    let count = 0
    for (let kept: Kept | undefined = first; kept !== undefined; kept = kept.next) count += 1
    return count < perTarget ? first : undefined
  }
}

const isSame = (one: Actor, other: Actor): boolean =>
  one === other ||
  (one.institution === other.institution &&
    one.system === other.system &&
    one.key === other.key &&
    one.person === other.person &&
    one.onBehalfOf === other.onBehalfOf)

const before = (moments: readonly number[], now: number): number =>
  Math.max(Number.NEGATIVE_INFINITY, ...moments.filter((moment) => moment <= now))
const after = (moments: readonly number[], now: number): number =>
  Math.min(Number.POSITIVE_INFINITY, ...moments.filter((moment) => moment > now))

/**
 * All that the rules compare the clock with. Undefined where it is not known from the target alone: people and delegates, which
 * are asked seldom, and what does not exist, so that guessed names fill nothing.
 */
function momentsOf(policy: Policy, { action, actor, on }: Question): readonly number[] | undefined {
  if (!('id' in on) || hot[action] !== on.kind) return undefined
  if (actor.person !== undefined || actor.onBehalfOf !== undefined) return undefined
  const ofTarget = targetMoments(policy, on)
  const keys = actor.key === undefined ? [] : (policy.system(`${actor.institution}.${actor.system}`)?.keys ?? [])
  return ofTarget && [...ofTarget, ...keys.map(({ notAfter }) => notAfter)].flatMap(millisecondsOf)
}

function targetMoments(
  policy: Policy,
  on: Target & { readonly id: string },
): readonly (string | undefined)[] | undefined {
  if (on.kind === 'contract') return policy.contract(on.id) && []
  if (on.kind === 'agreement') return policy.agreement(on.id) && []
  const { agreement: id = '', consumer = '', endpoint } = policy.subscription(on.id) ?? {}
  const agreement = policy.agreement(id)
  const pushedByDelegate = endpoint?.system !== undefined && !endpoint.system.startsWith(`${consumer}.`)
  if (agreement === undefined || pushedByDelegate) return undefined
  const { state, validFrom, validUntil, correctionsUntil } = agreement
  // When it ended stands in its history.
  if (correctionsUntil !== undefined && state === 'ended') return undefined
  return [validFrom, validUntil, correctionsUntil]
}

/** A time that is none is never reached. */
function millisecondsOf(time: string | undefined): readonly number[] {
  const ms = time === undefined ? Number.NaN : Date.parse(time)
  return Number.isNaN(ms) ? [] : [ms]
}
