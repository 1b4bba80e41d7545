import type { Policy, SubscriptionState } from '@unavez/policy'
import type { Control } from '@unavez/service-kit'

/** A subscription that is pushed, and the type of the events that it wants. */
export interface Pushed {
  readonly subscription: SubscriptionState
  readonly type: string
}

/** How long changes of policy may gather before everybody is told. Milliseconds. */
const gatherMs = 50

/** Who is pushed what, by topic, as policy has it now. */
export class Roster {
  readonly #policy: Policy
  readonly #listeners = new Set<() => void>()
  #byTopic: ReadonlyMap<string, readonly Pushed[]> = new Map()
  #timer: NodeJS.Timeout | undefined

  constructor({ policy, onChange }: Pick<Control, 'policy' | 'onChange'>, closing: AbortSignal) {
    this.#policy = policy
    this.#look()
    onChange(() => (this.#timer ??= setTimeout(() => this.#changed(), gatherMs)), closing)
    closing.addEventListener('abort', () => clearTimeout(this.#timer), { once: true })
  }

  of(topic: string): readonly Pushed[] {
    return this.#byTopic.get(topic) ?? []
  }

  /** Calls back after changes, until the signal aborts. */
  onChange(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener)
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true })
  }

  /** Resolves once somebody is pushed something of the topic, or the signal aborts. */
  async somebody(topic: string, signal: AbortSignal): Promise<void> {
    if (this.of(topic).length > 0 || signal.aborted) return
    const found = Promise.withResolvers<void>()
    const over = new AbortController()
    const until = AbortSignal.any([signal, over.signal])
    this.onChange(() => this.of(topic).length > 0 && found.resolve(), until)
    signal.addEventListener('abort', () => found.resolve(), { once: true, signal: over.signal })
    await found.promise
    over.abort()
  }

  #changed(): void {
    this.#timer = undefined
    this.#look()
    for (const listener of this.#listeners) listener()
  }

  #look(): void {
    const byTopic = new Map<string, Pushed[]>()
    for (const subscription of this.#policy.subscriptions()) {
      if (subscription.mode !== 'push' || subscription.state === 'ended') continue
      const type = this.#policy.agreement(subscription.agreement)?.contract
      const domain = type === undefined ? undefined : this.#policy.contract(type)?.domain
      if (type === undefined || domain === undefined) continue
      const topic = `events.${domain}`
      const pushed = { subscription, type }
      const known = byTopic.get(topic)
      if (known === undefined) byTopic.set(topic, [pushed])
      else known.push(pushed)
    }
    this.#byTopic = byTopic
  }
}
