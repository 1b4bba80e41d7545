import type { Client } from '@unavez/sdk'

import { type Answered, ask, type Asked } from './send.ts'
import type { Bus } from './bus.ts'

const reason = { reason: 'As decided' }

/** A command that needs nothing but a reason. */
export const change = (as: Client, path: string): Asked => ({ as, path, json: reason })

export const pulling = (subscription: string, as: Client): Asked => ({
  as,
  path: `/v1/subscriptions/${subscription}/events`,
})

export const subscribing = (agreement: string, as: Client): Asked => ({
  as,
  path: '/v1/subscriptions',
  json: { agreement, mode: 'pull', start: 'earliest' },
})

export const publishing = (as: Client, event: object): Asked => ({
  as,
  path: '/v1/events',
  body: JSON.stringify({ specversion: '1.0', source: `urn:unavez:pa:${as.clientId.replace('.', ':')}`, ...event }),
  headers: { 'content-type': 'application/cloudevents+json' },
})

/** Asks as whoever has seen all the writes made through it: processes may be up to the lease behind each other. */
export class Session {
  readonly #bus: Bus
  #at = '0'

  constructor(bus: Bus) {
    this.#bus = bus
  }

  async told(asked: Asked): Promise<Answered> {
    const answered = await ask(this.#bus, { ...asked, headers: { 'unavez-at': this.#at, ...asked.headers } })
    this.#at = answered.headers.get('unavez-at') ?? this.#at
    return answered
  }

  /** What is expected to be done. */
  async done<Reply>(asked: Asked): Promise<Reply> {
    const answered = await this.told(asked)
    if (answered.status >= 300) throw new Error(`${asked.path}: ${answered.status} ${answered.text}`)
    return answered.json as Reply
  }

  /** Asks again until the answer is the one waited for. */
  async until(request: Asked, status: number): Promise<Asked> {
    const end = Date.now() + 60_000
    while ((await this.told(request)).status !== status) {
      if (Date.now() > end) throw new Error(`${request.path} never became ${status}`)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    return request
  }
}
