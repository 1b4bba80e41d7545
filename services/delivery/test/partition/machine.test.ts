import { describe, expect, test } from '@jest/globals'
import type { DeliveryOrder } from '@unavez/policy'

import type { Answer } from '../../src/endpoint/attempt.ts'
import { Machine } from '../../src/partition/machine.ts'
import { standingAt } from '../../src/partition/standing.ts'
import { badRequest, delivered, refused, unavailable, unreachable } from './receiver.ts'

const small = { window: 8, heldSubjects: 3, followers: 4 }

/** A machine that has read one event of each subject named, in order, and its clock. */
function machineWith(subjects: string, bounds?: typeof small) {
  const standing = standingAt(1, 0)
  const bounded = bounds === undefined ? {} : { bounds }
  const machine = new Machine({ of: 'sub_1', partition: 0, standing, chance: () => 0, ...bounded })
  let now = 1_000_000
  const read = (more: string): void => {
    const from = machine.next
    const due = Array.from(more).map((subject, i) => ({ offset: from + i, subject }))
    machine.found(due, from + more.length, { isDisclosed: true })
  }
  read(subjects)
  return {
    machine,
    read,
    pass: (ms: number) => void (now += ms),
    begun: (most = 32) => machine.begin(now, most).map(({ offset }) => offset),
    answer: (offset: number, answer: Answer) => machine.answered(offset, answer, now),
    order: (order: DeliveryOrder) => machine.order(order, now),
    room: () => machine.room(now),
    wakeIn: () => (machine.wakeAt(now) ?? Infinity) - now,
  }
}

describe('Lanes', () => {
  test('P3: one subject has one delivery under way, the others do not wait for it', () => {
    const { begun, answer } = machineWith('aabca')
    expect(begun()).toEqual([0, 2, 3])
    expect(begun()).toEqual([])
    answer(0, delivered)
    expect(begun()).toEqual([1])
  })

  test('no more is begun than there is room for, and the rest later', () => {
    const { begun } = machineWith('abc')
    expect(begun(2)).toEqual([0, 1])
    expect(begun(2)).toEqual([2])
  })

  test('the cursor stands before the oldest that is not settled; what is settled behind it is not sent again', () => {
    const { machine, read, begun, answer } = machineWith('abc')
    begun()
    answer(1, delivered)
    answer(2, delivered)
    expect(machine.standing).toMatchObject({ next: 0, done: new Set([1, 2]) })
    machine.drop()
    machine.gaveBack(0)
    read('abc')
    expect(begun()).toEqual([0])
    answer(0, delivered)
    expect(machine.standing).toMatchObject({ next: 3, from: 3, done: new Set() })
  })
})

describe('A subject that fails', () => {
  test('P4: is held at once, what follows waits behind it, and the cursor goes on', () => {
    const { machine, read, begun, answer } = machineWith('aba')
    begun()
    answer(0, badRequest)
    answer(1, delivered)
    read('ab')
    expect(machine.standing.next).toBe(4)
    expect(machine.standing.held.get('a')).toMatchObject({ offset: 0, attempts: 1, followers: [2, 3] })
    expect(begun()).toEqual([4])
  })

  test('is tried again by schedule, then stays held until an order; a second order tries once more', () => {
    const { pass, begun, answer, order, wakeIn } = machineWith('a')
    begun()
    answer(0, badRequest)
    for (const seconds of [5, 30, 300, 1800, 7200, 18_000, 36_000, 36_000]) {
      expect(wakeIn()).toBe(seconds * 1000)
      pass(seconds * 1000 - 1)
      expect(begun()).toEqual([])
      pass(1)
      expect(begun()).toEqual([0])
      answer(0, badRequest)
    }
    expect(wakeIn()).toBe(Infinity)
    for (const n of [7, 8]) {
      order({ kind: 'retry', n })
      expect(begun()).toEqual([0])
      answer(0, badRequest)
      expect(begun()).toEqual([])
    }
  })

  test('P3: once delivered, those behind it follow one after the other, and the next attempts count from the start', () => {
    const { machine, pass, begun, answer, wakeIn } = machineWith('aaab')
    begun()
    answer(0, badRequest)
    answer(3, delivered)
    pass(5000)
    expect(begun()).toEqual([0])
    expect(begun()).toEqual([])
    answer(0, delivered)
    expect(begun()).toEqual([1])
    answer(1, badRequest)
    expect(wakeIn()).toBe(5000)
    pass(5000)
    expect(begun()).toEqual([1])
    answer(1, delivered)
    expect(begun()).toEqual([2])
    answer(2, delivered)
    expect(machine.standing).toMatchObject({ held: new Map(), followers: 0, next: 4 })
    expect(machine.isIdle).toBe(true)
  })

  test('415 is held without a retry; 409 with Retry-After not before that', () => {
    const { machine, begun, answer, wakeIn } = machineWith('ab')
    begun()
    answer(0, refused(415, 'unsupported'))
    expect(wakeIn()).toBe(Infinity)
    answer(1, refused(409, 'subject', 60_000))
    expect(wakeIn()).toBe(60_000)
    expect(machine.standing.held.size).toBe(2)
  })

  test('skipping lets it go and those behind it come, even while it is under way: never two of a subject at once', () => {
    const { machine, begun, answer, order, pass } = machineWith('aa')
    begun()
    answer(0, badRequest)
    pass(5000)
    expect(begun()).toEqual([0])
    order({ kind: 'skip', n: 3, reason: 'Known to be wrong' })
    expect(begun()).toEqual([])
    answer(0, badRequest)
    expect(begun()).toEqual([1])
    order({ kind: 'skip', n: 3 })
    expect(machine.standing.held.get('a')?.offset).toBe(1)
  })
})

describe('An endpoint that fails', () => {
  test('P4: nothing is held or read, one attempt asks after 1 s, then doubling to 30 s, and a success lets all go on', () => {
    const { machine, begun, answer, room, pass, wakeIn } = machineWith('abc')
    for (const offset of begun()) answer(offset, unreachable)
    for (const seconds of [1, 2, 4, 8, 16, 30, 30]) {
      expect(begun()).toEqual([])
      expect(room()).toBe(0)
      expect(wakeIn()).toBe(seconds * 1000)
      pass(seconds * 1000)
      const [probe = -1, ...more] = begun()
      expect(more).toEqual([])
      answer(probe, unavailable)
    }
    expect(machine.standing).toMatchObject({ next: 0, held: new Map(), open: true })
    pass(30_000)
    const [probe = -1] = begun()
    answer(probe, delivered)
    expect(begun()).toHaveLength(2)
    expect(machine.standing.open).toBe(false)
  })

  test('Retry-After puts the next attempt off, at most to 30 s', () => {
    const { begun, answer, wakeIn, pass } = machineWith('a')
    begun()
    answer(0, refused(503, 'endpoint', 12_000))
    expect(wakeIn()).toBe(12_000)
    pass(12_000)
    begun()
    answer(0, refused(503, 'endpoint', 3_600_000))
    expect(wakeIn()).toBe(30_000)
  })

  test('is taken to fail when five different subjects fail one after the other', () => {
    const { machine, begun, answer, pass } = machineWith('abcdefg')
    for (const offset of begun(5)) answer(offset, refused(500, 'subject'))
    expect(machine.standing).toMatchObject({ open: true, next: 5 })
    expect(begun()).toEqual([])
    pass(1000)
    expect(begun()).toEqual([5])
  })

  test('P5: an event that alone makes it fail is held in the end, and does not keep the others', () => {
    const { machine, begun, answer, pass, read, room } = machineWith('pab')
    for (let rounds = 0; rounds < 40 && !machine.standing.held.has('p'); rounds += 1) {
      for (const offset of begun(2)) answer(offset, offset === 0 ? unreachable : delivered)
      pass(30_000)
      if (room() > 0) read('c')
    }
    expect(machine.standing.held.get('p')).toMatchObject({ offset: 0, failure: { code: 'connection-refused' } })
    pass(30_000)
    for (let rounds = 0; rounds < 5; rounds += 1) for (const offset of begun()) answer(offset, delivered)
    expect(machine.standing.next).toBe(machine.next)
  })

  test('410 stops everything until somebody decides', () => {
    const { machine, begun, answer, room, wakeIn } = machineWith('ab')
    begun()
    answer(0, refused(410, 'gone'))
    answer(1, delivered)
    expect(machine.stop).toBe('endpoint-gone')
    expect(begun()).toEqual([])
    expect(room()).toBe(0)
    expect(wakeIn()).toBe(Infinity)
    expect(machine.standing.next).toBe(0)
  })
})

describe('Bounds', () => {
  test('P14: when another subject would be held beyond the bound, it stops and keeps what is not held in place', () => {
    const { machine, begun, answer, read, room } = machineWith('abcd', small)
    for (const offset of begun()) answer(offset, badRequest)
    expect(machine.stop).toBe('held-too-many')
    expect(machine.standing.held.size).toBe(3)
    expect(machine.standing.next).toBe(3)
    expect(room()).toBe(0)
    machine.drop()
    read('d')
    expect(begun()).toEqual([3])
  })

  test('P14: no more is read than may wait behind what is held', () => {
    const { machine, begun, answer, read, room } = machineWith('a', small)
    begun()
    answer(0, badRequest)
    expect(room()).toBe(4)
    read('aaaa')
    expect(machine.stop).toBe('held-too-many')
    expect(machine.standing.followers).toBe(4)
  })
})
