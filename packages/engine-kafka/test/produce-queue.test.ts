import type { EngineError } from '@unavez/engine'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { contentBytes } from '../src/produce-encode.ts'
import { type Batch, PartitionQueue } from '../src/produce-queue.ts'
import { loadKafkajs } from '../src/wire/kafkajs.ts'
import { ModelBroker } from './model-broker.ts'

const { crc32c } = loadKafkajs()
const budgetMs = 100

type Step =
  | { readonly kind: 'append'; readonly count: number }
  | { readonly kind: 'send'; readonly fate: Fate }
  | { readonly kind: 'late' }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'forget' }
type Fate = 'fine' | 'answer-lost' | 'never-arrived' | 'arrives-late' | 'not-leader' | 'few-replicas' | 'refused'

const fates: readonly Fate[] = [
  'fine',
  'fine',
  'fine',
  'answer-lost',
  'never-arrived',
  'arrives-late',
  'not-leader',
  'few-replicas',
  'refused',
]
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ kind: fc.constant('send' as const), fate: fc.constantFrom(...fates) }),
    fc.record({ kind: fc.constant('send' as const), fate: fc.constantFrom(...fates) }),
    fc.record({ kind: fc.constant('late' as const) }),
    fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ kind: fc.constant('forget' as const) }),
  ),
  { maxLength: 60, size: 'max' },
)

/** A queue in front of a model of a broker, with a clock of its own. */
class World {
  readonly broker = new ModelBroker()
  readonly outcomes: (number | 'open' | 'unknown' | 'not-written')[] = []
  queuedBytes = 0
  readonly #queue = new PartitionQueue('t', 0, (bytes) => (this.queuedBytes -= bytes))
  readonly #late: Buffer[] = []
  #now = 0
  #identities = 0n

  take(step: Step): void {
    if (step.kind === 'append') for (let i = 0; i < step.count; i++) this.#append()
    else if (step.kind === 'send') this.#send(step.fate)
    else if (step.kind === 'wait') this.#wait(step.ms)
    else if (step.kind === 'forget') this.broker.forgetProducers()
    else this.land(1)
  }

  /** What was on its way for long arrives now. */
  land(count = this.#late.length): void {
    for (const bytes of this.#late.splice(0, count)) this.broker.append(bytes)
  }

  end(): void {
    for (let i = 0; i < 5; i++) this.#send('fine')
    this.#wait(budgetMs)
    this.land()
  }

  #append(): void {
    const index = this.outcomes.push('open') - 1
    const message = { topic: 't', partition: 0, key: null, value: Buffer.from(`${index}`), headers: {} }
    const content = contentBytes(message)
    this.queuedBytes += content
    this.#queue.add({
      message,
      content,
      deadline: this.#now + budgetMs,
      resolve: ({ position }) => (this.outcomes[index] = position.offset),
      reject: ({ code }: EngineError) => (this.outcomes[index] = code === 'unknown' ? 'unknown' : 'not-written'),
    })
  }

  #wait(ms: number): void {
    this.#now += ms
    this.#queue.expire(this.#now)
  }

  #send(fate: Fate): void {
    if (this.#queue.empty) return
    if (this.#queue.needsIdentity(this.#now)) this.#queue.adopt({ id: ++this.#identities, epoch: 0 }, this.#now)
    const batch = this.#queue.take(this.#now, crc32c)
    if (batch !== undefined) this.#meet(batch, fate)
  }

  #meet(batch: Batch, fate: Fate): void {
    const never = { baseOffset: -1, appendTime: -1 }
    if (fate === 'fine') this.#queue.answered(batch, this.broker.append(batch.bytes))
    else if (fate === 'not-leader') this.#queue.answered(batch, { code: 6, ...never })
    else if (fate === 'refused') this.#queue.answered(batch, { code: 87, ...never })
    else if (fate === 'few-replicas') {
      this.broker.append(batch.bytes)
      this.#queue.answered(batch, { code: 20, ...never })
    } else {
      if (fate === 'answer-lost') this.broker.append(batch.bytes)
      if (fate === 'arrives-late') this.#late.push(batch.bytes)
      this.#queue.cut(batch, 'cut')
    }
  }
}

describe('a partition’s queue', () => {
  test('P1: whatever happens on the way, every answer tells the truth about the log, for ever', () => {
    fc.assert(
      fc.property(steps, (sequence) => {
        const world = new World()
        for (const step of sequence) world.take(step)
        world.end()
        const { log } = world.broker
        const places = new Map<string, number[]>()
        for (const [offset, id] of log.entries()) places.set(id, [...(places.get(id) ?? []), offset])
        let last = -1
        for (const [id, outcome] of world.outcomes.entries()) {
          const found = places.get(`${id}`) ?? []
          // A broker that forgets its producers can be made to append a late frame again: only then are copies possible.
          const forgets = sequence.some(({ kind }) => kind === 'forget')
          if (!forgets && found.length > 1) throw new Error(`${id} is there ${found.length} times`)
          if (outcome === 'open') throw new Error(`${id} was never answered`)
          if (outcome === 'not-written' && found.length > 0) throw new Error(`${id} is there, called not written`)
          if (typeof outcome !== 'number') continue
          if (!found.includes(outcome)) throw new Error(`${id} was acknowledged at ${outcome}, is at ${found.join()}`)
          if (!forgets && outcome <= last) throw new Error(`${id} stands before an earlier one`)
          last = outcome
        }
        expect(world.queuedBytes).toBe(0)
      }),
      { numRuns: 2_000 },
    )
  })

  test('the same bytes go out again until their fate is known', () => {
    const queue = new PartitionQueue('t', 0, () => undefined)
    const message = { topic: 't', partition: 0, key: null, value: Buffer.from('v'), headers: {} }
    const call = { message, content: contentBytes(message), deadline: 1e9, resolve: () => {}, reject: () => {} }
    queue.add(call)
    queue.adopt({ id: 1n, epoch: 0 }, 0)
    const first = queue.take(0, crc32c)
    if (first === undefined) throw new Error('nothing to send')
    queue.add(call)
    queue.cut(first, 'cut')
    expect(queue.needsIdentity(1e8)).toBe(false)
    expect(queue.take(1e8, crc32c)?.bytes).toBe(first.bytes)
  })
})
