import { randomBytes } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'

import { describe, expect, test } from '@jest/globals'

import { Authority } from '../src/http/authority.ts'
import { openKeys, replicate, systemClock } from '../src/index.ts'
import { instead, withBench } from './open-control.ts'
import { joined, MemoryControl, registered } from './open-http.ts'

const actor = { institution: 'te', system: 'registro' }
const bus = { kind: 'bus' } as const

describe('a no', () => {
  const openAuthority = (control: MemoryControl) =>
    new Authority({ control, keys: openKeys(randomBytes(32)), clock: systemClock })

  test('is given by policy as it stood when it was asked for, not by what was known a moment before', async () => {
    const control = new MemoryControl([])
    control.provenSince = () => {
      control.apply([joined('te'), registered('te', 'registro')])
      return Promise.resolve(true)
    }
    await expect(openAuthority(control).require(actor, 'read-contract', bus)).resolves.toMatchObject({ allowed: true })
  })

  test('stays one when nothing has changed, or when nothing newer can be known', async () => {
    const control = new MemoryControl([])
    const authority = openAuthority(control)
    await expect(authority.require(actor, 'read-contract', bus)).rejects.toMatchObject({ name: 'Problem' })
    control.provenSince = () => Promise.resolve(false)
    await expect(authority.require(actor, 'read-contract', bus)).rejects.toMatchObject({ name: 'Problem' })
  })
})

test('P6: however many hurry it, a replica of a slow log comes back with the end', () =>
  withBench(async (bench) => {
    await bench.open()
    const stop = new AbortController()
    const slow = instead(bench.engine.log, {
      async read(from, limits) {
        await pause(30, undefined, { signal: limits.signal }).catch(() => undefined)
        const { next, end } = await bench.engine.log.read(from, { ...limits, waitMs: 0 })
        return { messages: [], next, end }
      },
    })
    const replicating = replicate({
      log: slow,
      partition: { topic: 'control', partition: 0 },
      from: 0,
      clock: systemClock,
      signal: stop.signal,
      onPage: (_, sentAt) => {
        if (sentAt !== undefined && hurried > 3) stop.abort()
      },
      onError: () => undefined,
    })
    let hurried = 0
    for (const end = Date.now() + 30_000; !stop.signal.aborted && Date.now() < end; hurried += 1) {
      replicating.hurry()
      await pause(2)
    }
    expect(stop.signal.aborted).toBe(true)
    await replicating.ended
  }))
