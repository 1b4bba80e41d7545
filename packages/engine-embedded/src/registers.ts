import type { Registers } from '@unavez/engine'

import type { Channel } from './channel.ts'
import type { Condition } from './condition.ts'
import type { Reader } from './reader.ts'

export class EmbeddedRegisters implements Registers {
  readonly #channel: Channel
  readonly #reader: Reader
  readonly #condition: Condition

  constructor({ channel, reader, condition }: { channel: Channel; reader: Reader; condition: Condition }) {
    this.#channel = channel
    this.#reader = reader
    this.#condition = condition
  }

  async get(key: string): Promise<Buffer | undefined> {
    this.#condition.check('unavailable')
    return this.#reader.register(key)
  }

  async put(key: string, value: Buffer): Promise<void> {
    this.#condition.check('not-written')
    await this.#channel.ask({ kind: 'put', key, value })
  }

  async compareAndPut(key: string, expected: Buffer | undefined, value: Buffer): Promise<boolean> {
    this.#condition.check('not-written')
    return (await this.#channel.ask({ kind: 'compare-and-put', key, expected: expected ?? null, value })) === true
  }

  async destroy(key: string): Promise<void> {
    this.#condition.check('not-written')
    await this.#channel.ask({ kind: 'destroy', key })
  }
}
