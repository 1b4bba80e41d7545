import { describe, expect, test } from '@jest/globals'
import type { ViewStore } from '@unavez/engine'
import { policyVersion } from '@unavez/policy'

import { SnapshotStore } from '../src/snapshot-store.ts'
import { type Bench, instead, joined, keys, says, withBench } from './open-control.ts'

const every = 10
const snapshots = { every, jitterMs: 0, pauseMs: 0 }
const key = keys.of('control-snapshot')

/** How many records of control were read to open another replica. */
async function opened(bench: Bench) {
  let read = 0
  const log = instead(bench.engine.log, {
    async read(from, limits) {
      const page = await bench.engine.log.read(from, limits)
      // One message at its own offset is how a snapshot is held against the log.
      if (limits.messages > 1) read += page.messages.length
      return page
    },
  })
  const control = await bench.open({ engine: { ...bench.engine, log, views: bench.engine.views } })
  return { control, read }
}

async function decide(bench: Bench, from: number, count: number) {
  const control = await bench.open({ snapshots })
  for (let n = from; n < from + count; n++) await control.submit(says(`c${n}`, joined(`i${n}`)))
  return control
}

const storeOf = async (bench: Bench, version?: string) =>
  new SnapshotStore({ views: bench.engine.views, key, version: version ?? (await policyVersion()) })

/** Until a snapshot stands at that offset or later. */
async function made(bench: Bench, offset: number) {
  const store = await storeOf(bench)
  for (const end = Date.now() + 20_000; Date.now() < end;) {
    const [newest] = await store.heads()
    if (newest !== undefined && newest.offset >= offset) return newest
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`No snapshot at ${offset} within 20 s`)
}

/** The rows of all slots, to be put back or changed. */
async function rows(views: ViewStore) {
  const slots = await Promise.all(
    ['a', 'b'].map(async (partition) => {
      const found = await views.list({ view: 'control-snapshot', partition }, { limit: 100 })
      return found.map((row) => ({ view: 'control-snapshot', partition, ...row }))
    }),
  )
  return slots.flat()
}

let sources = 0
const overwrite = (views: ViewStore, changes: Parameters<ViewStore['write']>[0]) =>
  views.write(changes, { source: `test/${sources++}`, from: 0, next: 1 })

const forget = async ({ engine: { views } }: Bench) =>
  overwrite(
    views,
    (await rows(views)).map((row) => ({ ...row, value: null })),
  )

describe('snapshots of control', () => {
  test('a replica that opens takes the newest one and folds the rest, to the same', () =>
    withBench(async (bench) => {
      const one = await decide(bench, 0, 25)
      // The last one that there will be: too few records are left for another.
      const { offset } = await made(bench, 25 - every + 1)
      const { control, read } = await opened(bench)
      expect(read).toBe(25 - offset)
      expect(control.policy.offset).toBe(25)
      expect(control.policy.institutions()).toEqual(one.policy.institutions())
      expect(control.policy.history('institution:i3')).toEqual(one.policy.history('institution:i3'))
      const again = await control.submit(says('c3', joined('i3')))
      expect([again.repeated, again.offset]).toEqual([true, 3])
    }))

  test('the next ones take turns in two slots, and leave no chunk behind', () =>
    withBench(async (bench) => {
      const store = await storeOf(bench)
      const one = await decide(bench, 0, 3)
      const place = { offset: 3, last: { offset: 2, entry: '' } }
      const write = (offset: number, count: number) =>
        store.write(
          { ...place, offset },
          Array.from({ length: count }, () => '["offset",3]'),
          async () => undefined,
        )
      for (const [index, count] of [5, 40, 2, 3].entries()) await write(index, count)
      expect((await store.heads()).map(({ offset }) => offset)).toEqual([3, 2])
      expect(await rows(bench.engine.views)).toHaveLength(2 + 3 + 2)
      expect(one.policy.offset).toBe(3)
    }))

  test.each<[string, (bench: Bench) => Promise<void>]>([
    [
      'that is cut',
      async ({ engine: { views } }) => {
        const chunk = (await rows(views)).find(({ sort }) => sort === '00000001')
        if (chunk !== undefined) await overwrite(views, [{ ...chunk, value: null }])
      },
    ],
    [
      'that was changed',
      async ({ engine: { views } }) => {
        const changed = (await rows(views)).map((row) => {
          const value = Buffer.from(row.value)
          value[value.length - 1] = (value.at(-1) ?? 0) ^ 1
          return { ...row, value }
        })
        await overwrite(views, changed)
      },
    ],
    [
      'whose chunks changed places',
      async ({ engine: { views } }) => {
        const [one, two, ...others] = (await rows(views)).filter(({ sort }) => sort !== 'head')
        expect(others.length).toBeGreaterThan(0)
        if (one !== undefined && two !== undefined)
          await overwrite(views, [
            { ...one, value: two.value },
            { ...two, value: one.value },
          ])
      },
    ],
    [
      'of another version of the code',
      async (bench) => {
        await forget(bench)
        const control = await bench.open()
        const other = await storeOf(bench, 'other')
        const place = { offset: control.policy.offset, last: { offset: control.policy.offset - 1, entry: '' } }
        await other.write(place, control.policy.snapshot(), async () => undefined)
        await other.write(place, control.policy.snapshot(), async () => undefined)
      },
    ],
    [
      'of another log',
      async (bench) => {
        await forget(bench)
        const control = await bench.open()
        const store = await storeOf(bench)
        for (const offset of [12, 11])
          await store.write(
            { offset: control.policy.offset, last: { offset, entry: 'of another record' } },
            control.policy.snapshot(),
            async () => undefined,
          )
      },
    ],
    [
      'that is ahead of the log',
      async (bench) => {
        await forget(bench)
        const control = await bench.open()
        const store = await storeOf(bench)
        for (const offset of [1000, 1001])
          await store.write({ offset, last: { offset: offset - 1, entry: '' } }, control.policy.snapshot(), async () =>
            Promise.resolve(),
          )
      },
    ],
  ])('one %s is not used, and the whole log is folded', (_, spoil) =>
    withBench(async (bench) => {
      const one = await decide(bench, 0, 15)
      await made(bench, every)
      await one.close()
      await spoil(bench)
      const { control, read } = await opened(bench)
      expect(read).toBe(15)
      expect(control.policy.institutions()).toHaveLength(15)
    }),
  )

  test('a store that is away delays nothing and loses nothing', () =>
    withBench(async (bench) => {
      await decide(bench, 0, 15)
      const away = async () => Promise.reject(new Error('away'))
      const views = { get: away, getMany: away, list: away, write: away, checkpoint: away }
      const control = await bench.open({ engine: { ...bench.engine, log: bench.engine.log, views }, snapshots })
      expect(control.policy.institutions()).toHaveLength(15)
      await control.submit(says('more', joined('more')))
      expect(control.policy.institution('more')?.state).toBe('active')
    }))
})
