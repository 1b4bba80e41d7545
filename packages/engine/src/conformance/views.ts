import { describe, expect, test } from '@jest/globals'

import { type Bench, outcome, texts, unique } from './bench.ts'

export function viewTests(bench: Bench): void {
  const row = (view: string, sort: string, more: { partition?: string; value?: Buffer | null } = {}) => ({
    view,
    partition: 'p',
    sort,
    value: Buffer.from(sort),
    ...more,
  })
  const once = () => ({ source: unique('source'), from: 0, next: 1 })
  const sorts = async (view: string, range: { from?: string; limit: number; reverse?: boolean }) =>
    (await bench.other.views.list({ view, partition: 'p' }, range)).map(({ sort }) => sort)

  describe('views', () => {
    test('a row that was never written is absent, its list empty, its source at 0', async () => {
      const view = unique('view')
      expect(await bench.engine.views.get(row(view, 'a'))).toBeUndefined()
      expect(await sorts(view, { limit: 10 })).toEqual([])
      expect(await bench.engine.views.checkpoint(unique('source'))).toBe(0)
    })

    test('rows and checkpoint are written together and read by every instance', async () => {
      const view = unique('view')
      const checkpoint = once()
      const bytes = Buffer.from([0, 255, 128, 10])
      await bench.engine.views.write(
        [row(view, 'a', { value: bytes }), row(view, 'b', { value: Buffer.alloc(0) })],
        checkpoint,
      )
      expect(await bench.other.views.get(row(view, 'a'))).toEqual(bytes)
      expect(await bench.other.views.get(row(view, 'b'))).toEqual(Buffer.alloc(0))
      expect(await bench.other.views.checkpoint(checkpoint.source)).toBe(1)
    })

    test('many rows are read at once, of several lists, in the order of their keys', async () => {
      const view = unique('view')
      const names = texts(700)
      const rows = names.map((name, i) => row(view, name, { partition: i % 3 === 0 ? 'other' : 'p' }))
      await bench.engine.views.write(rows, once())
      const asked = [row(view, 'absent'), ...rows.toReversed(), row(view, names[0] ?? '', { partition: 'p' })]
      const found = await bench.other.views.getMany(asked)
      expect(found.map((value) => value?.toString())).toEqual([undefined, ...names.toReversed(), undefined])
      expect(await bench.other.views.getMany([])).toEqual([])
    })

    test('an overlap and a gap are both refused, and nothing of them is written', async () => {
      const view = unique('view')
      const source = unique('source')
      await bench.engine.views.write([row(view, 'first')], { source, from: 0, next: 10 })
      for (const from of [0, 5, 11]) {
        const refused = bench.other.views.write([row(view, 'bad'), row(view, 'first', { value: null })], {
          source,
          from,
          next: 20,
        })
        expect(await outcome(refused)).toBe('checkpoint-moved')
      }
      expect(await sorts(view, { limit: 10 })).toEqual(['first'])
      expect(await bench.engine.views.checkpoint(source)).toBe(10)
      await bench.other.views.write([row(view, 'second')], { source, from: 10, next: 20 })
      expect(await sorts(view, { limit: 10 })).toEqual(['first', 'second'])
    })

    test('of many writers that start from one checkpoint exactly one writes', async () => {
      const view = unique('view')
      const source = unique('source')
      const outcomes = await Promise.all(
        texts(30).map((text, index) =>
          outcome(
            (index % 2 === 0 ? bench.engine : bench.other).views.write([row(view, text), row(view, `${text}+`)], {
              source,
              from: 0,
              next: index + 1,
            }),
          ),
        ),
      )
      const winner = outcomes.indexOf('fulfilled')
      expect(outcomes.filter((one) => one === 'fulfilled')).toHaveLength(1)
      expect(outcomes.filter((one) => one === 'checkpoint-moved')).toHaveLength(29)
      expect(await sorts(view, { limit: 100 })).toEqual([`${winner}`, `${winner}+`])
      expect(await bench.engine.views.checkpoint(source)).toBe(winner + 1)
    })

    test('a list is ordered by the bytes of its UTF-8', async () => {
      const view = unique('view')
      const unordered = ['😀', '\uFFFD', 'z', 'Z', 'a\u0000', 'a', 'aa', 'ñ', '~', '10', '9']
      await bench.engine.views.write(
        unordered.map((sort) => row(view, sort)),
        once(),
      )
      const ordered = unordered.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      expect(await sorts(view, { limit: 100 })).toEqual(ordered)
      expect(await sorts(view, { limit: 100, reverse: true })).toEqual(ordered.toReversed())
    })

    test('a range begins at its start, goes forth or back, and ends at its limit', async () => {
      const view = unique('view')
      await bench.engine.views.write(
        ['a', 'c', 'e', 'g'].map((sort) => row(view, sort)),
        once(),
      )
      expect(await sorts(view, { from: 'c', limit: 2 })).toEqual(['c', 'e'])
      expect(await sorts(view, { from: 'd', limit: 10 })).toEqual(['e', 'g'])
      expect(await sorts(view, { from: 'e', limit: 2, reverse: true })).toEqual(['e', 'c'])
      expect(await sorts(view, { from: 'd', limit: 10, reverse: true })).toEqual(['c', 'a'])
      expect(await sorts(view, { from: 'h', limit: 10 })).toEqual([])
      expect(await sorts(view, { limit: 1, reverse: true })).toEqual(['g'])
    })

    test('a row with value null is removed; the last change of a row in one write counts', async () => {
      const view = unique('view')
      const source = unique('source')
      await bench.engine.views.write([row(view, 'a'), row(view, 'b')], { source, from: 0, next: 1 })
      await bench.engine.views.write(
        [row(view, 'a', { value: null }), row(view, 'b', { value: null }), row(view, 'b', { value: Buffer.from('2') })],
        { source, from: 1, next: 2 },
      )
      expect(await bench.other.views.get(row(view, 'a'))).toBeUndefined()
      expect((await bench.other.views.get(row(view, 'b')))?.toString()).toBe('2')
      expect(await sorts(view, { limit: 10 })).toEqual(['b'])
    })

    test('lists of other partitions and other views are apart', async () => {
      const [view, neighbour] = [unique('view'), unique('view')]
      const changes = [
        row(view, 'ours'),
        row(view, 'theirs', { partition: 'p2' }),
        row(view, 'nobody’s', { partition: '' }),
        row(neighbour, 'theirs'),
        row(`${view}/p`, 'theirs'),
      ]
      await bench.engine.views.write(changes, once())
      expect(await sorts(view, { limit: 10 })).toEqual(['ours'])
      expect(await bench.other.views.get(row(view, 'theirs'))).toBeUndefined()
      expect(await sorts(neighbour, { limit: 10 })).toEqual(['theirs'])
    })

    test('a write of a thousand rows is one write', async () => {
      const view = unique('view')
      const source = unique('source')
      const names = texts(1_000).toSorted()
      await bench.engine.views.write(
        names.map((name) => row(view, name)),
        { source, from: 0, next: 1_000 },
      )
      expect(await sorts(view, { limit: 2_000 })).toEqual(names)
    })

    test('sources have checkpoints of their own', async () => {
      const [one, two] = [unique('source'), unique('source')]
      await bench.engine.views.write([], { source: one, from: 0, next: 7 })
      await bench.engine.views.write([], { source: two, from: 0, next: 9 })
      expect(await bench.other.views.checkpoint(one)).toBe(7)
      expect(await bench.other.views.checkpoint(two)).toBe(9)
    })
  })
}
