import { EngineError } from '@unavez/engine'
import type { EventLog, Message, NewMessage } from '@unavez/engine'
import { afterEach, describe, expect, test } from '@jest/globals'

import { type OpenRegisters, openRegisters } from '../src/registers.ts'

type Outcome = 'written' | 'not-written' | 'unknown-written' | 'unknown-not-written'

const asBytes = (headers: NewMessage['headers']): Message['headers'] =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? Buffer.from(value) : value]),
  )

/** A log in memory that several processes share and that can be told how an append turns out. */
class MemoryLog implements EventLog {
  readonly partitions = Array.from({ length: 12 }, (): Message[] => [])
  readonly outcomes: Outcome[] = []
  frozen = false

  ensureTopics = () => Promise.resolve()
  lowerBound = () => 0
  trim = () => Promise.resolve()
  own = () => Promise.reject(new Error('not asked for here'))

  async append(message: NewMessage) {
    const outcome = this.outcomes.shift() ?? 'written'
    await new Promise((resolve) => setImmediate(resolve))
    const log = this.partitions[message.partition] ?? []
    const offset = log.length
    if (outcome.endsWith('written') && !outcome.endsWith('not-written'))
      log.push({ ...message, headers: asBytes(message.headers), offset, appendedAt: new Date() })
    if (outcome === 'not-written') throw new EngineError('not-written', 'not written')
    if (outcome !== 'written') throw new EngineError('unknown', 'unknown')
    return { position: { topic: message.topic, partition: message.partition, offset }, appendedAt: new Date() }
  }

  async read(
    { partition, offset }: { partition: number; offset: number },
    limits: { waitMs: number; signal?: AbortSignal },
  ) {
    const end = () => (this.frozen ? offset : (this.partitions[partition]?.length ?? 0))
    const until = Date.now() + limits.waitMs
    do await new Promise((resolve) => setImmediate(resolve))
    while (end() <= offset && Date.now() < until && limits.signal?.aborted !== true)
    return { messages: this.partitions[partition]?.slice(offset, end()) ?? [], next: end(), end: end() }
  }

  bounds = (topic: string) =>
    Promise.resolve(
      this.partitions.map((log, partition) => ({ topic, partition, first: 0, next: log.length, atTime: 0 })),
    )

  get records(): readonly Message[] {
    return this.partitions.flat()
  }
}

const [one, two, three] = [Buffer.from('one'), Buffer.from('two'), Buffer.from('three')]

const until = async (condition: () => boolean | Promise<boolean>) => {
  const end = Date.now() + 60_000
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('the condition never came true')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe('registers over a log', () => {
  const opened: OpenRegisters[] = []
  const open = async (log: MemoryLog, budgetMs = 10_000) => {
    const one = await openRegisters({ log, budgetMs })
    opened.push(one)
    return one.registers
  }
  afterEach(async () => {
    for (const each of opened.splice(0)) await each.close()
  })

  test('an unknown outcome is decided by what landed', async () => {
    const log = new MemoryLog()
    const registers = await open(log, 500)
    log.outcomes.push('unknown-written')
    expect(await registers.compareAndPut('key', undefined, one)).toBe(true)
    log.outcomes.push('unknown-not-written')
    await expect(registers.compareAndPut('key', one, two)).rejects.toMatchObject({ code: 'unknown' })
    log.outcomes.push('not-written')
    await expect(registers.compareAndPut('key', one, two)).rejects.toMatchObject({ code: 'not-written' })
    expect(await registers.get('key')).toEqual(one)
  })

  test('who loses a race states at once the value that stands, and it stays', async () => {
    const log = new MemoryLog()
    const [here, there] = [await open(log), await open(log)]
    const won = await Promise.all([
      here.compareAndPut('key', undefined, one),
      there.compareAndPut('key', undefined, two),
    ])
    expect(won).toEqual([true, false])
    await until(() => log.records.length === 3)
    const statement = log.records.at(-1)
    expect(statement?.value).toEqual(one)
    expect(statement?.headers['at']?.readBigUInt64BE()).toBe(1n)
    const late = await open(log)
    for (const registers of [here, there, late]) expect(await registers.get('key')).toEqual(one)
    expect(await late.compareAndPut('key', one, three)).toBe(true)
  })

  test('what a loser that died left behind is mended by another process', async () => {
    const log = new MemoryLog()
    const registers = await open(log)
    await registers.put('key', one)
    const [record] = log.records
    const headers = { if: Buffer.alloc(32) }
    await log.append({
      topic: 'registers',
      partition: record?.partition ?? 0,
      key: Buffer.from('key'),
      value: two,
      headers,
    })
    await until(() => log.records.length === 3)
    expect(log.records.at(-1)?.value).toEqual(one)
    expect(await registers.get('key')).toEqual(one)
  })

  test('a write that can’t be read back in time is unknown, and close ends whoever waits', async () => {
    const log = new MemoryLog()
    const registers = await open(log, 300)
    await registers.put('key', one)
    log.frozen = true
    await expect(registers.put('key', two)).rejects.toMatchObject({ code: 'unknown' })
    const waiting = registers.put('key', three)
    const closing = opened[0]?.close()
    await expect(waiting).rejects.toMatchObject({ code: 'closed' })
    await closing
    await expect(registers.get('key')).rejects.toMatchObject({ code: 'closed' })
  })
})
