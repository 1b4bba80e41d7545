import type { Message } from '@unavez/engine'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { conditionOf, heartbeatKey, RegistersFold, settledMs } from '../src/registers-fold.ts'

const compactionLagMs = 300_000
const tombstonesMs = 86_400_000
const keys = ['a', 'b']

/** One partition as Kafka keeps it, one replica that has read everything, and a clock driven by the test. */
class World {
  nowMs = 0
  log: Message[] = []
  readonly live = new RegistersFold()
  #next = 0
  #mends: { dueMs: number; key: string; value: Buffer | null; at: number }[] = []

  append(key: string, value: Buffer | null, headers: Message['headers'] = {}): boolean {
    const appendedAt = new Date(this.nowMs)
    const offset = this.#next++
    const message = { topic: 'registers', partition: 0, offset, key: Buffer.from(key), value, headers, appendedAt }
    this.log.push(message)
    return this.live.apply(message, { nowMs: this.nowMs, past: false })?.accepted ?? false
  }

  /** Somebody makes up the statement that mends a key now; it lands later, behind whatever else happens. */
  mend(key: string, inMs: number): void {
    const entry = this.live.entry(key)
    if (entry?.brokenSince === undefined) return
    this.#mends.push({ dueMs: this.nowMs + inMs, key, value: entry.value, at: entry.latest })
  }

  pass(ms: number): void {
    const endMs = this.nowMs + ms
    for (;;) {
      this.#mends.sort((a, b) => a.dueMs - b.dueMs)
      const due = this.#mends[0]
      if (due === undefined || due.dueMs > endMs) break
      this.#mends.shift()
      this.nowMs = due.dueMs
      const at = Buffer.alloc(8)
      at.writeBigUInt64BE(BigInt(due.at))
      this.append(due.key, due.value, { at })
      this.mend(due.key, 1_000)
    }
    this.nowMs = endMs
  }

  /** Keeps the latest record of each key among those old enough; tombstones go a day later. */
  compact(): void {
    const isOld = ({ appendedAt }: Message) => this.nowMs - appendedAt.getTime() > compactionLagMs
    const old = this.log.filter(isOld)
    const latest = new Map(old.map((message) => [String(message.key), message.offset]))
    this.log = this.log.filter((message) => {
      if (!isOld(message)) return true
      const isGone = message.value === null && this.nowMs - message.appendedAt.getTime() > tombstonesMs
      return latest.get(String(message.key)) === message.offset && !isGone
    })
  }

  replay(): RegistersFold {
    const fold = new RegistersFold()
    for (const message of this.log) fold.apply(message, { nowMs: this.nowMs, past: true })
    return fold
  }
}

const textOf = (fold: RegistersFold, key: string): string | null => fold.entry(key)?.value?.toString() ?? null
const valueOf = (text: string | null) => (text === null ? null : Buffer.from(text))

describe('the registers’ fold', () => {
  test('whatever is put, compared, destroyed, mended and compacted, a replica read from the start agrees with one that saw it all', () => {
    const key = fc.constantFrom(...keys)
    const value = fc.constantFrom('one', 'two', 'three')
    const step = fc.oneof(
      fc.record({ kind: fc.constant('put' as const), key, value: fc.option(value), expected: fc.constant(null) }),
      fc.record({ kind: fc.constant('compare' as const), key, value, expected: fc.option(value) }),
      fc.record({ kind: fc.constant('compare' as const), key, value, expected: fc.constant(undefined) }),
      fc.record({
        kind: fc.constant('pass' as const),
        ms: fc.constantFrom(0, 500, 5_000, 200_000, 400_000, 90_000_000),
      }),
      fc.record({ kind: fc.constant('compact' as const) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(9_000), (steps, mendMs) => {
        const world = new World()
        const model = new Map<string, string | null>()
        for (const each of steps) {
          if (each.kind === 'pass') world.pass(each.ms)
          else if (each.kind === 'compact') world.compact()
          else {
            const standing = model.get(each.key) ?? null
            const expected = each.kind === 'put' || each.expected !== undefined ? each.expected : standing
            const headers = each.kind === 'put' ? {} : { if: conditionOf(valueOf(expected ?? null)) }
            world.append(each.key, valueOf(each.value), headers)
            if (each.kind === 'put' || expected === standing) model.set(each.key, each.value)
            world.mend(each.key, mendMs)
          }
          const replica = world.replay()
          for (const one of keys) {
            expect(textOf(world.live, one)).toBe(model.get(one) ?? null)
            expect(textOf(replica, one)).toBe(model.get(one) ?? null)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  test('of rivals that expect the same value the first in the log wins', () => {
    const world = new World()
    const none = { if: conditionOf(null) }
    expect(world.append('a', Buffer.from('first'), none)).toBe(true)
    expect(world.append('a', Buffer.from('second'), none)).toBe(false)
    expect(textOf(world.live, 'a')).toBe('first')
  })

  test('a rejected record of a key that never had a value does not make one, however old it is when it is mended', () => {
    const world = new World()
    expect(world.append('a', Buffer.from('x'), { if: conditionOf(Buffer.from('never')) })).toBe(false)
    world.mend('a', 100)
    world.pass(settledMs * 2)
    world.compact()
    expect(textOf(world.replay(), 'a')).toBeNull()
  })

  test('a statement from before a value was destroyed does not bring it back', () => {
    const world = new World()
    world.append('a', Buffer.from('secret'))
    world.append('a', Buffer.from('x'), { if: conditionOf(null) })
    world.mend('a', 1_000)
    world.append('a', null)
    world.pass(1_500)
    expect(textOf(world.live, 'a')).toBeNull()
    expect(world.live.broken(world.nowMs)).toEqual(['a'])
    world.pass(1_000)
    expect(world.live.broken(world.nowMs)).toEqual([])
  })

  test('records that only begin a new segment belong to no register', () => {
    const fold = new RegistersFold()
    const beat = { topic: 'registers', partition: 0, offset: 0, key: heartbeatKey, value: Buffer.from('beat') }
    expect(fold.apply({ ...beat, headers: {}, appendedAt: new Date() }, { nowMs: 0, past: false })).toBeUndefined()
  })
})
