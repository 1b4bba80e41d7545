import type { Checkpoint, ViewChange, ViewKey, ViewRange, ViewStore } from '@unavez/engine'

import type { Channel } from './channel.ts'
import type { Condition } from './condition.ts'
import type { Reader } from './reader.ts'

export class EmbeddedViews implements ViewStore {
  readonly #channel: Channel
  readonly #reader: Reader
  readonly #condition: Condition

  constructor({ channel, reader, condition }: { channel: Channel; reader: Reader; condition: Condition }) {
    this.#channel = channel
    this.#reader = reader
    this.#condition = condition
  }

  async get({ view, partition, sort }: ViewKey): Promise<Buffer | undefined> {
    this.#condition.check('unavailable')
    return this.#reader.row(view, partition, sort)
  }

  async getMany(keys: readonly ViewKey[]): Promise<readonly (Buffer | undefined)[]> {
    this.#condition.check('unavailable')
    return this.#reader.rowsAt(keys)
  }

  async list(list: Omit<ViewKey, 'sort'>, range: ViewRange) {
    this.#condition.check('unavailable')
    return this.#reader.rows(list, range)
  }

  async write(changes: readonly ViewChange[], checkpoint: Checkpoint): Promise<void> {
    this.#condition.check('unavailable')
    await this.#channel.ask({ kind: 'write-view', changes, checkpoint })
  }

  async checkpoint(source: string): Promise<number> {
    this.#condition.check('unavailable')
    return this.#reader.checkpoint(source)
  }
}
