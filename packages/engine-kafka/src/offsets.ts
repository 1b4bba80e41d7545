import { EngineError } from '@unavez/engine'

import { earliest, latest, listOffsetsCall } from './fetch.ts'
import { atLeader, expectFine, TryAgain } from './leader.ts'
import { laneOf, type ReadLanes } from './readlanes.ts'
import type { From } from './ring.ts'
import type { Wire } from './wire/index.ts'

const answerMsMax = 3_000

export interface OffsetsOptions {
  readonly wire: Wire
  readonly lanes: ReadLanes
  readonly prefix: string
  readonly budgetMs: number
  readonly closing: AbortSignal
}

/** Where partitions begin and end, by ListOffsets. */
export class Offsets {
  readonly #options: OffsetsOptions

  constructor(options: OffsetsOptions) {
    this.#options = options
  }

  /** One offset per partition (−1: none at that time); each partition is asked for again until its leader answers. */
  async list(topic: string, partitions: readonly number[], time: number): Promise<ReadonlyMap<number, number>> {
    const { wire, lanes, prefix, budgetMs, closing } = this.#options
    const found = new Map<number, number>()
    const lane = laneOf(topic, prefix)
    const tries = { wire, until: performance.now() + budgetMs, signal: closing }
    for (;;) {
      const left = partitions.filter((partition) => !found.has(partition))
      const [partition] = left
      if (partition === undefined) return found
      await atLeader({ topic, partition }, tries, async (broker) => {
        const here = left.filter((number) => wire.metadata.partition(topic, number)?.leader === broker)
        const answers = await lanes.send({ broker, lane }, listOffsetsCall(topic, here, time), answerMsMax)
        for (const answer of answers) if (answer.errorCode === 0) found.set(answer.partition, answer.offset)
        expectFine(answers.find((answer) => answer.partition === partition))
      })
    }
  }

  /** Rejects with what an offset out of range really is. */
  async explain({ topic, partition, offset }: From, broker: number): Promise<never> {
    const { lanes, prefix } = this.#options
    const ask = async (time: number): Promise<number> => {
      const call = listOffsetsCall(topic, [partition], time)
      const [listed] = await lanes.send({ broker, lane: laneOf(topic, prefix) }, call, answerMsMax)
      return expectFine(listed).offset
    }
    const [first, next] = [await ask(earliest), await ask(latest)]
    const where = `partition ${partition} of ${topic}`
    if (offset < first)
      throw new EngineError('position-gone', `Offset ${offset} of ${where} was trimmed: ${first} is its first.`, {
        first,
      })
    if (offset > next)
      throw new EngineError('position-ahead', `Offset ${offset} of ${where} lies behind its end, ${next}.`)
    throw new TryAgain('it moved meanwhile')
  }
}
