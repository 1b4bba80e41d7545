import { randomUUID } from 'node:crypto'

import type { AcceptedEvent, BatchItem, DeliveredEvent, OfferedEvent, PulledPage } from '@unavez/protocol'

import { eventTexts } from './event-texts.ts'
import { follow, type FollowOptions } from './follow.ts'
import { type Lookup, provide, type ProvideOptions } from './provide.ts'
import type { DigestAnswer, DigestPart, DigestReport } from './proof.ts'
import { retryDefaults, type RetryPolicy, withRetries } from './retry.ts'
import type {
  ReportedEffect,
  Rewound,
  RewindTo,
  Subscription,
  SubscriptionChange,
  SubscriptionWish,
} from './subscriptions.ts'
import { type Credentials, TokenSource } from './token.ts'
import { type Answer, problemOf, type Sent, Transport } from './transport.ts'

export interface ClientOptions extends Credentials {
  /** Where the bus is: its `PUBLIC_URL`, or a nearer address of the same. */
  readonly url: string
  /** The system's own source, `urn:unavez:<country>:<institution>:<system>`; whoever only reads needs none. */
  readonly source?: string
  readonly retry?: Partial<RetryPolicy>
  /** Longest wait for one answer; above the longest `wait` of a pull. Milliseconds. */
  readonly timeoutMs?: number
}

export interface PullOptions {
  /** Read from this cursor; without it from the committed one. */
  readonly after?: string | undefined
  readonly limit?: number
  /** Seconds to wait for a first event. */
  readonly wait?: number
  readonly signal?: AbortSignal | undefined
}

/** An event without what the client knows itself; `id` is kept through every retry. */
export type Publication<Type extends string, Data> = Omit<
  OfferedEvent<Data>,
  'specversion' | 'source' | 'datacontenttype'
> & {
  readonly type: Type
  readonly source?: string
}

/** Data types by event type, as generated from contracts: `new Client<ContractData>(…)` checks `data` when compiling. */
export type DataByType = { readonly [type: string]: unknown }

const pathOf = (subscription: string): string => `/v1/subscriptions/${encodeURIComponent(subscription)}`

/**
 * One institution's system on the bus. Gets and renews its token, repeats what may be repeated (the same id, the same
 * idempotency key) while the bus is unreachable or asks for patience, and throws the bus's own `Problem` otherwise.
 */
export class Client<Contracts extends object = DataByType> {
  readonly clientId: string
  readonly #transport: Transport
  readonly #tokens: TokenSource
  readonly #policy: RetryPolicy
  readonly #source: string | undefined
  /** Pages as they came. */
  readonly #texts = new WeakMap<PulledPage, string>()
  /** The newest control offset that an answer named: another instance waits until it has seen it too. */
  #at = 0

  constructor(options: ClientOptions) {
    this.clientId = options.clientId
    this.#transport = new Transport(options.url, options.timeoutMs ?? 45_000)
    this.#tokens = new TokenSource(this.#transport, options)
    this.#source = options.source
    this.#policy = { ...retryDefaults, ...options.retry }
  }

  /** Publishes one event. Resolves when it is durable; a repeat of the same id answers `alreadyAccepted`. */
  publish<Type extends keyof Contracts & string>(event: Publication<Type, Contracts[Type]>): Promise<AcceptedEvent> {
    const headers = { 'content-type': 'application/cloudevents+json' }
    return this.#json<AcceptedEvent>({
      method: 'POST',
      path: '/v1/events',
      body: JSON.stringify(this.#envelope(event)),
      headers,
    })
  }

  /** Publishes up to 500 events; one result per item, in order, each with its `status`. */
  publishBatch<Type extends keyof Contracts & string>(
    events: readonly Publication<Type, Contracts[Type]>[],
  ): Promise<readonly BatchItem[]> {
    const headers = { 'content-type': 'application/cloudevents-batch+json' }
    const body = JSON.stringify(events.map((event) => this.#envelope(event)))
    return this.#json<readonly BatchItem[]>({ method: 'POST', path: '/v1/events', body, headers })
  }

  async pull<Data = unknown>(subscription: string, options: PullOptions = {}): Promise<PulledPage<Data>> {
    const query = new URLSearchParams()
    if (options.after !== undefined) query.set('after', options.after)
    if (options.limit !== undefined) query.set('limit', String(options.limit))
    if (options.wait !== undefined) query.set('wait', String(options.wait))
    const path = `${pathOf(subscription)}/events?${query.toString()}`
    const answer = await this.#answer({ method: 'GET', path, signal: options.signal })
    const page = answer.json as PulledPage<Data>
    this.#texts.set(page, answer.text)
    return page
  }

  /** The JSON of each event of a page that this client pulled, exactly as it came: what digests are computed over. */
  texts(page: PulledPage): readonly string[] {
    const text = this.#texts.get(page)
    if (text === undefined) throw new Error('this page was not pulled by this client')
    return eventTexts(text)
  }

  /** The bus's word on what it showed between two cursors. */
  digest(subscription: string, { from, to }: { readonly from: string; readonly to: string }): Promise<DigestPart> {
    const query = new URLSearchParams({ from, to })
    return this.get(`/v1/subscriptions/${encodeURIComponent(subscription)}/digest?${query.toString()}`)
  }

  /** Tells the bus what has arrived between two cursors; it answers whether that is all, and which part is not. */
  report(subscription: string, report: DigestReport): Promise<DigestAnswer> {
    return this.post(`/v1/subscriptions/${encodeURIComponent(subscription)}/digest`, report)
  }

  async commit(subscription: string, cursor: string): Promise<void> {
    await this.put(`${pathOf(subscription)}/cursor`, { cursor })
  }

  subscribe(wish: SubscriptionWish): Promise<Subscription> {
    return this.post<Subscription>('/v1/subscriptions', wish)
  }

  /** Other settings of a subscription: they hold in under a second, for what waits too. */
  changeSubscription(subscription: string, change: SubscriptionChange): Promise<Subscription> {
    return this.patch<Subscription>(pathOf(subscription), change)
  }

  /** Counts what would come again, or goes back there: cursors of before are outdated then. */
  rewind(subscription: string, to: RewindTo, { dryRun = false }: { readonly dryRun?: boolean } = {}): Promise<Rewound> {
    return this.post<Rewound>(`${pathOf(subscription)}/rewind`, { ...to, dryRun })
  }

  /** Says what was done with events, up to 500 at once; the last word on each counts. */
  async reportEffects(subscription: string, effects: readonly ReportedEffect[]): Promise<void> {
    await this.post(`${pathOf(subscription)}/effects`, effects)
  }

  /** One event again, by its id; recorded as another disclosure. */
  eventAgain<Data = unknown>(subscription: string, id: string): Promise<DeliveredEvent<Data>> {
    return this.get<DeliveredEvent<Data>>(`${pathOf(subscription)}/events/${encodeURIComponent(id)}`)
  }

  /** Hands every event to `handle`, in order, each once while this runs; commits after each page. Ends when the signal aborts. */
  follow<Data = unknown>(options: FollowOptions<Data>): Promise<void> {
    return follow(this, options)
  }

  /** Answers requests for one type of evidence by a look-up, as long as the signal lets it. */
  provide(type: string, lookup: Lookup, options: ProvideOptions): Promise<void> {
    return provide(this, type, { ...options, lookup })
  }

  /** A present access token, for tools that call the bus by themselves. */
  token(): Promise<string> {
    return this.#tokens.token()
  }

  get<Reply>(path: string, { signal }: { signal?: AbortSignal | undefined } = {}): Promise<Reply> {
    return this.#json<Reply>({ method: 'GET', path, signal })
  }

  /** A command: carries an `Idempotency-Key` of its own, so that repeating it is safe. */
  post<Reply>(path: string, body: unknown = {}, idempotencyKey: string = randomUUID()): Promise<Reply> {
    return this.#command<Reply>('POST', { path, body, idempotencyKey })
  }

  put<Reply>(path: string, body: unknown, idempotencyKey: string = randomUUID()): Promise<Reply> {
    return this.#command<Reply>('PUT', { path, body, idempotencyKey })
  }

  patch<Reply>(path: string, body: unknown, idempotencyKey: string = randomUUID()): Promise<Reply> {
    return this.#command<Reply>('PATCH', { path, body, idempotencyKey })
  }

  delete<Reply>(path: string, idempotencyKey: string = randomUUID()): Promise<Reply> {
    return this.#command<Reply>('DELETE', { path, idempotencyKey })
  }

  #envelope(event: object): object {
    return { specversion: '1.0', datacontenttype: 'application/json', source: this.#source, ...event }
  }

  #command<Reply>(
    method: Sent['method'],
    command: { path: string; body?: unknown; idempotencyKey: string },
  ): Promise<Reply> {
    const { path, body, idempotencyKey } = command
    const headers = {
      'idempotency-key': idempotencyKey,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    return this.#json<Reply>({ method, path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })
  }

  async #json<Reply>(sent: Sent): Promise<Reply> {
    return (await this.#answer(sent)).json as Reply
  }

  #answer(sent: Sent): Promise<Answer> {
    return withRetries(() => this.#authorised(sent), { policy: this.#policy, signal: sent.signal })
  }

  async #authorised(sent: Sent): Promise<Answer> {
    for (let renewed = false; ; renewed = true) {
      const seen = this.#at === 0 ? {} : { 'unavez-at': String(this.#at) }
      const headers = { ...seen, ...sent.headers, authorization: `Bearer ${await this.#tokens.token()}` }
      const answer = await this.#transport.send({ ...sent, headers })
      this.#at = Math.max(this.#at, Number(answer.headers.get('unavez-at') ?? 0))
      if (answer.status < 300) return answer
      if (answer.status !== 401 || renewed) throw problemOf(answer)
      this.#tokens.forget()
    }
  }
}
