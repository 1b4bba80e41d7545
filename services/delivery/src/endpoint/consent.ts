import type { SubscriptionState } from '@unavez/policy'
import type { Surroundings } from '@unavez/service-kit'

import { CallFailure } from './call-failure.ts'
import { encodeConsentCode } from './consent-code.ts'
import { submitConsent } from './consenting.ts'
import type { Endpoints } from './endpoints.ts'
import { shakeHands } from './handshake.ts'
import { Slots } from './slots.ts'

const consentLimits = {
  /** Between the tries of one endpoint; after the last it waits for its callback, for an operator, or for another address. Milliseconds. */
  pausesMs: [5000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000, 3_600_000],
  /** How long the callback of a try is good for. Milliseconds. */
  callbackMs: 24 * 3_600_000,
  /** How long a try belongs to the instance that took it. Milliseconds. */
  claimMs: 3_600_000,
  /** Handshakes under way. */
  underWay: 64,
  /** Between two looks at policy, however often it changes. Milliseconds. */
  restMs: 100,
} as const

export interface AskingOptions {
  readonly surroundings: Pick<Surroundings, 'clock' | 'control' | 'engine' | 'keys' | 'log' | 'settings'>
  readonly endpoints: Endpoints
  readonly pausesMs?: readonly number[]
}

/** The tries of one endpoint version, as this instance counts them. */
interface Tries {
  readonly version: number
  count: number
  /** On the monotonic clock; infinite after the last try, and while one is under way. */
  dueMs: number
}

/** Asks every endpoint that awaits consent, as soon as policy knows it, and again with growing pauses. */
export class Asking {
  readonly #options: AskingOptions
  readonly #pausesMs: readonly number[]
  readonly #origin: string
  readonly #tries = new Map<string, Tries>()
  readonly #slots = new Slots(consentLimits.underWay)
  readonly #closing = new AbortController()
  readonly #underWay = new Set<Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #lookedMs = Number.NEGATIVE_INFINITY

  constructor(options: AskingOptions) {
    this.#options = options
    this.#pausesMs = options.pausesMs ?? consentLimits.pausesMs
    this.#origin = new URL(options.surroundings.settings.publicUrl).hostname
    options.surroundings.control.onChange(() => this.#wake(), this.#closing.signal)
    this.#wake()
  }

  async close(): Promise<void> {
    this.#closing.abort(new CallFailure('closing'))
    clearTimeout(this.#timer)
    await Promise.all(this.#underWay)
  }

  /** One look is enough for all that changed until then. */
  #wake(): void {
    this.#lookIn(this.#lookedMs + consentLimits.restMs - this.#now())
  }

  #lookIn(ms: number): void {
    if (this.#closing.signal.aborted) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#look(), Math.max(ms, 0))
  }

  #look(): void {
    this.#lookedMs = this.#now()
    const waiting = this.#waiting()
    for (const id of this.#tries.keys()) if (!waiting.has(id)) this.#tries.delete(id)
    let nextMs = Number.POSITIVE_INFINITY
    for (const [id, subscription] of waiting) {
      const tries = this.#triesOf(id, subscription.endpoint.version)
      if (tries.dueMs <= this.#lookedMs) this.#begin(subscription, tries)
      nextMs = Math.min(nextMs, tries.dueMs)
    }
    if (Number.isFinite(nextMs)) this.#lookIn(nextMs - this.#lookedMs)
  }

  #waiting(): ReadonlyMap<string, Awaiting> {
    const waiting = new Map<string, Awaiting>()
    for (const subscription of this.#options.surroundings.control.policy.subscriptions())
      if (awaitsConsent(subscription)) waiting.set(subscription.id, subscription)
    return waiting
  }

  #triesOf(id: string, version: number): Tries {
    const before = this.#tries.get(id)
    if (before?.version === version) return before
    const tries = { version, count: 0, dueMs: this.#lookedMs }
    this.#tries.set(id, tries)
    return tries
  }

  #begin(subscription: Awaiting, tries: Tries): void {
    const nth = tries.count
    tries.count += 1
    tries.dueMs = Number.POSITIVE_INFINITY
    const asking = this.#ask(subscription, nth).finally(() => {
      this.#underWay.delete(asking)
      const pauseMs = this.#pausesMs[nth]
      if (pauseMs !== undefined) tries.dueMs = this.#now() + pauseMs
      this.#wake()
    })
    this.#underWay.add(asking)
  }

  /** Never rejects: what went wrong is told to the log, and there is a next try. */
  async #ask(subscription: Awaiting, nth: number): Promise<void> {
    const { surroundings } = this.#options
    const { id, endpoint } = subscription
    const told = { subscription: id, version: endpoint.version, try: nth + 1 }
    try {
      if (!(await this.#isOurs(`consent/${id}/${endpoint.version}/${nth}`))) return
      const consent = await this.#slots.during(() => this.#shake(subscription), this.#closing.signal)
      if (consent === undefined) return surroundings.log.info(told, 'an endpoint did not consent')
      await submitConsent(surroundings, { subscription: id, version: endpoint.version, consent })
    } catch (error) {
      if (this.#closing.signal.aborted) return
      if (error instanceof CallFailure)
        surroundings.log.info({ ...told, code: error.code }, 'an endpoint did not answer')
      else surroundings.log.error({ ...told, error }, 'the handshake with an endpoint failed')
    }
  }

  #shake(recipient: Awaiting) {
    const { clock, keys, settings } = this.#options.surroundings
    const until = new Date(clock.now().getTime() + consentLimits.callbackMs)
    const asked = { subscription: recipient.id, version: recipient.endpoint.version, until }
    const callback = `${settings.publicUrl}/v1/subscriptions/${recipient.id}/consent/${encodeConsentCode(keys.of('consent'), asked)}`
    return shakeHands(this.#options.endpoints, { recipient, origin: this.#origin, callback }, this.#closing.signal)
  }

  /** Of two instances one asks; without the memory of claims both do, which harms nobody. */
  async #isOurs(key: string): Promise<boolean> {
    const { volatile } = this.#options.surroundings.engine
    const claim = volatile.claim(key, Buffer.alloc(0), { ttlMs: consentLimits.claimMs })
    return (await claim.catch(() => ({ held: null }))).held === null
  }

  #now(): number {
    return this.#options.surroundings.clock.monotonic()
  }
}

type Awaiting = SubscriptionState & { readonly endpoint: NonNullable<SubscriptionState['endpoint']> }

const awaitsConsent = (subscription: SubscriptionState): subscription is Awaiting =>
  subscription.state === 'awaiting-consent' && subscription.endpoint?.consented === false
