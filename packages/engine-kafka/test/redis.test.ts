import { isEngineError } from '@unavez/engine'
import { describeWhere } from '@unavez/engine/conformance'
import { startRedis } from '@unavez/infra'
import { afterAll, afterEach, expect, test } from '@jest/globals'
import { Redis } from 'ioredis'

import { openRedis } from '../src/redis.ts'
import type { RedisHalf } from '../src/redis.ts'

/** A Redis of our own, because these tests stop, freeze and empty it. */
const own = await startRedis().catch(() => undefined)

test('without a redis-server in PATH, this run was allowed to go on without one', () => {
  expect(own !== undefined || process.env['REQUIRE_KAFKA'] !== '1').toBe(true)
})

/** Tries again until the condition holds. */
const until = async (condition: () => Promise<boolean> | boolean, withinMs = 20_000) => {
  const end = Date.now() + withinMs
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('the condition never came true')
    await new Promise((done) => setTimeout(done, 20))
  }
}

describeWhere(own !== undefined)('views and volatile state on Redis', () => {
  const url = own?.url ?? ''
  const opened: { close(): Promise<void> }[] = []
  const open = async (options: { prefix?: string; silenceMs?: number } = {}): Promise<RedisHalf> => {
    const half = await openRedis({ url, prefix: 't.', silenceMs: 500, ...options })
    opened.push(half)
    return half
  }
  const row = (sort: string, value: string | null, list = { view: 'v', partition: 'p' }) => ({
    ...list,
    sort,
    value: value === null ? null : Buffer.from(value),
  })

  const restart = async () => {
    await own?.kill()
    await own?.start()
  }
  const signal = (name: NodeJS.Signals) => process.kill(own?.pid ?? process.pid, name)

  afterEach(async () => {
    // Whatever a test that failed left behind.
    await own?.start()
    signal('SIGCONT')
    for (const half of opened.splice(0)) await half.close()
    const client = new Redis(url)
    await client.flushall()
    await client.config('SET', 'maxmemory', '0')
    await client.quit()
  })
  afterAll(() => own?.stop())

  test('a list is ordered by the bytes of its sort keys, from a start on, either way', async () => {
    const { views } = await open()
    const sorts = ['b', 'a', '', 'é', 'z', '\u{10000}', 'Z', 'a\u0000']
    await views.write(
      sorts.map((sort) => row(sort, `value ${sort}`)),
      { source: 's', from: 0, next: 1 },
    )
    const list = async (range: { from?: string; limit: number; reverse?: boolean }) =>
      (await views.list({ view: 'v', partition: 'p' }, range)).map(({ sort }) => sort)
    const ordered = ['', 'Z', 'a', 'a\u0000', 'b', 'z', 'é', '\u{10000}']
    expect(await list({ limit: 100 })).toEqual(ordered)
    expect(await list({ limit: 100, reverse: true })).toEqual(ordered.toReversed())
    expect(await list({ from: 'a', limit: 2 })).toEqual(['a', 'a\u0000'])
    expect(await list({ from: 'aa', limit: 2, reverse: true })).toEqual(['a\u0000', 'a'])
    expect(await list({ limit: 0 })).toEqual([])
  })

  test('a write is refused whole when the checkpoint stands elsewhere', async () => {
    const { views } = await open()
    await views.write([row('a', 'first')], { source: 's', from: 0, next: 5 })
    for (const from of [0, 4, 6]) {
      const refused = views.write([row('a', 'other'), row('b', 'new')], { source: 's', from, next: 9 })
      await expect(refused).rejects.toMatchObject({ code: 'checkpoint-moved' })
    }
    expect(String(await views.get(row('a', null)))).toBe('first')
    expect(await views.get(row('b', null))).toBeUndefined()
    expect(await views.checkpoint('s')).toBe(5)
    expect(await views.checkpoint('other')).toBe(0)
  })

  test('a write of many changes lands whole, bytes unchanged, in their order, and leaves no pieces behind', async () => {
    const { views } = await open()
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
    const changes = Array.from({ length: 9_001 }, (_, i) => ({ ...row(`${i}`.padStart(6, '0'), ''), value: bytes }))
    await views.write([...changes, row('000000', null), row('000001', 'last')], { source: 's', from: 0, next: 1 })
    const rows = await views.list({ view: 'v', partition: 'p' }, { limit: 10_000 })
    expect(rows.length).toBe(9_000)
    expect(String(rows[0]?.value)).toBe('last')
    expect(rows.slice(1).every(({ value }) => value.equals(bytes))).toBe(true)
    const again = views.write(changes, { source: 's', from: 0, next: 1 })
    await expect(again).rejects.toMatchObject({ code: 'checkpoint-moved' })
    const client = new Redis(url)
    expect(await client.keys('t.piece:*')).toEqual([])
    await client.quit()
  })

  test('of writers racing from one checkpoint exactly one wins', async () => {
    const halves = [await open(), await open(), await open()]
    const outcomes = await Promise.all(
      halves.map(({ views }, i) =>
        views.write([row('a', `${i}`)], { source: 's', from: 0, next: i + 1 }).then(
          () => 'won',
          (error: unknown) => isEngineError(error) && error.code,
        ),
      ),
    )
    expect(outcomes.filter((outcome) => outcome === 'checkpoint-moved').length).toBe(2)
    const winner = outcomes.indexOf('won')
    expect(await halves[0]?.views.checkpoint('s')).toBe(winner + 1)
  })

  test('names that look alike when joined are different lists', async () => {
    const { views } = await open()
    await views.write(
      [row('s', '1', { view: 'a:b', partition: 'c' }), row('s', '2', { view: 'a', partition: 'b:c' })],
      { source: 's', from: 0, next: 1 },
    )
    expect(String(await views.get({ view: 'a:b', partition: 'c', sort: 's' }))).toBe('1')
    expect(String(await views.get({ view: 'a', partition: 'b:c', sort: 's' }))).toBe('2')
  })

  test('P2: of 200 claims of one key on two instances exactly one is the first, and all the others see it', async () => {
    const halves = [await open(), await open()]
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, i) =>
        halves[i % 2]?.volatile.claim('id', Buffer.from([i, 255]), { ttlMs: 60_000 }),
      ),
    )
    const firsts = answers.flatMap((answer, i) => (answer?.held === null ? [i] : []))
    expect(firsts.length).toBe(1)
    const expected = Buffer.from([firsts[0] ?? 0, 255])
    expect(answers.every((answer) => answer?.held === null || answer?.held.equals(expected))).toBe(true)
    expect(await halves[0]?.volatile.get('id')).toEqual(expected)
    expect(new Set(answers.map((answer) => answer?.memory.id)).size).toBe(1)
  })

  test('a claim and a counter forget themselves after their time', async () => {
    const { volatile } = await open()
    await volatile.claim('id', Buffer.from('x'), { ttlMs: 50 })
    expect(await volatile.count('c', 2, 300)).toBe(2)
    expect(await volatile.count('c', 3, 600_000)).toBe(5)
    await until(async () => (await volatile.claim('id', Buffer.from('y'), { ttlMs: 60_000 })).held === null)
    await until(async () => (await volatile.get('c')) === undefined && (await volatile.count('c', 0, 1)) === 0)
  })

  test('P2: a flush and a restart of Redis each begin a new memory, since then', async () => {
    const half = await open()
    const { volatile } = half
    const first = await volatile.memory()
    expect(await volatile.memory()).toEqual(first)
    await volatile.claim('id', Buffer.from('x'), { ttlMs: 60_000 })
    await own?.flush()
    const second = await volatile.claim('id', Buffer.from('y'), { ttlMs: 60_000 })
    expect(second.held).toBeNull()
    expect(second.memory.id).not.toBe(first.id)
    expect(second.memory.since.getTime()).toBeGreaterThanOrEqual(first.since.getTime())
    await restart()
    await until(() => half.ailments().length === 0)
    const third = await volatile.memory()
    expect([first.id, second.memory.id]).not.toContain(third.id)
  })

  test('P2: a Redis that comes back with older data begins a new memory', async () => {
    const half = await open()
    const client = new Redis(url)
    const before = await half.volatile.claim('kept', Buffer.from('x'), { ttlMs: 60_000 })
    await client.save()
    await half.volatile.claim('lost', Buffer.from('x'), { ttlMs: 60_000 })
    client.disconnect()
    await restart()
    await until(() => half.ailments().length === 0)
    expect(String(await half.volatile.get('kept'))).toBe('x')
    const lost = await half.volatile.claim('lost', Buffer.from('y'), { ttlMs: 60_000 })
    expect(lost.held).toBeNull()
    expect(lost.memory.id).not.toBe(before.memory.id)
  })

  test('without Redis every call says unavailable in bounded time, ailments tell it, and it recovers alone', async () => {
    const half = await open()
    await half.volatile.claim('id', Buffer.from('x'), { ttlMs: 60_000 })
    await own?.kill()
    const calls = () => [
      half.views.get(row('a', null)),
      half.views.list({ view: 'v', partition: 'p' }, { limit: 1 }),
      half.views.write([row('a', 'x')], { source: 's', from: 0, next: 1 }),
      half.views.checkpoint('s'),
      half.volatile.claim('id', Buffer.from('x'), { ttlMs: 1_000 }),
      half.volatile.get('id'),
      half.volatile.count('c', 1, 1_000),
      half.volatile.memory(),
    ]
    for (const call of calls()) await expect(call).rejects.toMatchObject({ code: 'unavailable' })
    await until(() => half.ailments().length === 1)
    expect(half.ailments()[0]).toMatch(/^Redis at 127\.0\.0\.1:\d+ can't be reached/)
    await own?.start()
    await until(() => half.ailments().length === 0)
    await Promise.all(calls())
  })

  test('a frozen Redis is told by unavailable too, and nothing waits for ever', async () => {
    const half = await open({ silenceMs: 300 })
    await half.volatile.memory()
    signal('SIGSTOP')
    const asked = await Promise.allSettled(Array.from({ length: 500 }, async (_, i) => half.volatile.get(`${i}`)))
    expect(asked.every((answer) => answer.status === 'rejected' && isEngineError(answer.reason, 'unavailable'))).toBe(
      true,
    )
    signal('SIGCONT')
    await until(() => half.ailments().length === 0)
    await half.volatile.memory()
  })

  test('a wrong address and a Redis that drops keys are refused at the start, in one sentence', async () => {
    await expect(openRedis({ url: 'redis://127.0.0.1:1', prefix: 't.' })).rejects.toMatchObject({
      code: 'cannot-start',
    })
    const client = new Redis(url)
    await client.config('SET', 'maxmemory', '100mb', 'maxmemory-policy', 'allkeys-lru')
    await client.quit()
    await expect(open()).rejects.toThrow(/maxmemory-policy allkeys-lru.*noeviction/)
  })

  test('after close every call says so', async () => {
    const half = await open()
    await half.close()
    await half.close()
    await expect(half.volatile.get('x')).rejects.toMatchObject({ code: 'closed' })
  })
})
