import { EngineError } from '@unavez/engine'

import type { Call, Wire } from './wire/index.ts'

/** The control topic shares no connection with the rest: no shared fate. */
export type ReadLane = 'control' | 'rest'

export const laneOf = (topic: string, prefix: string): ReadLane => (topic === `${prefix}control` ? 'control' : 'rest')

/** Connections per broker and lane. More in flight only make each answer later. */
const connectionsMax = 3
const waitingMax = 10_000

interface Lane {
  readonly free: number[]
  readonly queue: (() => void)[]
}

/** Short requests to brokers: one in flight per connection, the others wait in line. */
export class ReadLanes {
  readonly #wire: Wire
  readonly #lanes = new Map<string, Lane>()

  constructor(wire: Wire) {
    this.#wire = wire
  }

  /** Rejects with a LinkError when the connection fails, with 'unavailable' when too many wait already. */
  async send<T>(place: { broker: number; lane: ReadLane }, call: Call<T>, timeoutMs: number): Promise<T> {
    const lane = this.#lane(`${place.lane}/${place.broker}`)
    const number = await this.#turn(lane)
    try {
      const link = await this.#wire.connections.to(place.broker, `read-${place.lane}-${number}`)
      return await link.send(call, timeoutMs)
    } finally {
      lane.free.push(number)
      lane.queue.shift()?.()
    }
  }

  async #turn(lane: Lane): Promise<number> {
    for (;;) {
      const number = lane.free.pop()
      if (number !== undefined) return number
      if (lane.queue.length >= waitingMax) throw new EngineError('unavailable', 'Too many reads wait for Kafka.')
      await new Promise<void>((resolve) => lane.queue.push(resolve))
    }
  }

  #lane(key: string): Lane {
    const known = this.#lanes.get(key)
    if (known !== undefined) return known
    const lane = { free: Array.from({ length: connectionsMax }, (_, i) => connectionsMax - 1 - i), queue: [] }
    this.#lanes.set(key, lane)
    return lane
  }
}
