import {
  type DeliveredEvent,
  type Effect,
  openWebhookVerifier,
  type ReceivedWebhook,
  type VerifyWebhook,
  type WebhookVerdict,
} from '@unavez/protocol'

import { type Seen, SeenInMemory } from './webhook-seen.ts'

export interface WebhookReceiverOptions<Data> {
  /** What the subscription told: `signingKey` (`whpk_…`) or `secret` (`whsec_…`); while keys rotate, the new one too. */
  readonly keys: readonly string[]
  /** The bus that may send here, as its `PUBLIC_URL`: consent is given to no other. */
  readonly bus: string
  /**
   * Called with each event once, in order for each subject. Resolve when it is safe with you; what it returns is told to the bus.
   * What it throws holds this event and its subject's later ones, until a repeat succeeds. A repeat that arrives meanwhile waits.
   */
  readonly handle: (event: DeliveredEvent<Data>) => Promise<Effect | void> | Effect | void
  /** Where it is kept how far each subject was handled; in memory unless told. */
  readonly seen?: Seen
  /** Requests in a minute that are allowed; as many as there are unless told. */
  readonly ratePerMinute?: number
  readonly now?: () => Date
}

export interface WebhookRequest extends ReceivedWebhook {
  readonly method: string
}

export interface WebhookAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const limits = {
  /** Events handled at once; more are asked to come again. */
  underWay: 500,
  retryAfterSeconds: 1,
} as const

/** Whether a webhook comes from who has the keys; for servers that keep their own form. Bodies are the bytes as they came. */
export const verifyWebhook = (
  webhook: ReceivedWebhook,
  keys: readonly string[],
  now: Date = new Date(),
): WebhookVerdict => openWebhookVerifier(keys)(webhook, now)

/** Turns requests of the bus into events, each handled once, and what became of them into answers. */
export class WebhookReceiver<Data = unknown> {
  readonly #options: WebhookReceiverOptions<Data>
  readonly #verify: VerifyWebhook
  readonly #seen: Seen
  readonly #now: () => Date
  readonly #origin: string
  /** By webhook id: a repeat that comes while the first is handled gets the same answer. */
  readonly #underWay = new Map<string, Promise<WebhookAnswer>>()

  constructor(options: WebhookReceiverOptions<Data>) {
    this.#options = options
    this.#verify = openWebhookVerifier(options.keys)
    this.#seen = options.seen ?? new SeenInMemory()
    this.#now = options.now ?? (() => new Date())
    this.#origin = new URL(options.bus).hostname
  }

  /** Never rejects. */
  async answer(request: WebhookRequest): Promise<WebhookAnswer> {
    if (request.method === 'OPTIONS') return this.#consent(request)
    if (request.method !== 'POST') return answerWith(405, 'method-not-allowed', { allow: 'POST, OPTIONS' })
    const verdict = this.#verify(request, this.#now())
    if (!verdict.valid) return answerWith(401, verdict.fault)
    const event = eventIn<Data>(request.body)
    if (event === undefined) return answerWith(415, 'no-cloudevent')
    const same = this.#underWay.get(verdict.id)
    if (same !== undefined) return same
    if (this.#underWay.size >= limits.underWay)
      return answerWith(503, 'overloaded', { 'retry-after': String(limits.retryAfterSeconds) })
    const answer = this.#once(verdict.id, event).finally(() => this.#underWay.delete(verdict.id))
    this.#underWay.set(verdict.id, answer)
    return answer
  }

  /** CloudEvents, HTTP 1.1 Web Hooks for Event Delivery, §4: yes to the bus and to nobody else. */
  #consent({ headers }: WebhookRequest): WebhookAnswer {
    if (headers['webhook-request-origin'] !== this.#origin) return answerWith(403, 'origin-not-allowed')
    const rate = this.#options.ratePerMinute
    const allowed = {
      allow: 'POST, OPTIONS',
      'webhook-allowed-origin': this.#origin,
      'webhook-allowed-rate': rate === undefined ? '*' : String(rate),
    }
    return { status: 200, headers: allowed, body: '' }
  }

  async #once(webhookId: string, event: DeliveredEvent<Data>): Promise<WebhookAnswer> {
    try {
      const key = keyOf(webhookId, event)
      const newest = key === undefined ? undefined : await this.#seen.newest(key)
      if (newest !== undefined && event.position <= newest) return done
      const effect = await this.#options.handle(event)
      if (key !== undefined) await this.#seen.handled(key, event.position)
      return typeof effect === 'object' ? { ...told, body: JSON.stringify(effect) } : done
    } catch {
      // What was thrown may hold data of the event: it is for the handler's own log.
      return answerWith(500, 'not-handled')
    }
  }
}

const json = { 'content-type': 'application/json' }
const told = { status: 200, headers: json }
const done: WebhookAnswer = { status: 204, headers: {}, body: '' }

const answerWith = (status: number, code: string, headers: Readonly<Record<string, string>> = {}): WebhookAnswer => ({
  status,
  headers: { ...json, ...headers },
  body: JSON.stringify({ code }),
})

/**
 * Positions compare as text within one partition, which their first two characters name. Undefined for what has no place in
 * an order, such as a test.
 */
function keyOf(webhookId: string, { subject, position }: Partial<DeliveredEvent>): string | undefined {
  if (typeof subject !== 'string' || typeof position !== 'string') return undefined
  return `${webhookId.slice(0, webhookId.lastIndexOf('_'))}/${position.slice(0, 2)}/${subject}`
}

function eventIn<Data>(body: Buffer): DeliveredEvent<Data> | undefined {
  try {
    const event: unknown = JSON.parse(body.toString())
    const isEvent = typeof event === 'object' && event !== null && 'specversion' in event && 'type' in event
    return isEvent ? (event as DeliveredEvent<Data>) : undefined
  } catch {
    return undefined
  }
}
