import { expect, test } from '@jest/globals'
import { type DeliveredEvent, Problem, type PulledPage } from '@unavez/protocol'

import { follow } from '../src/follow.ts'
import type { DigestAnswer, DigestReport } from '../src/proof.ts'

const event = (id: string): DeliveredEvent<number> => ({
  specversion: '1.0',
  id,
  source: 'urn:unavez:pa:te:registro',
  type: 't',
  subject: 's',
  changetype: 'created',
  time: '',
  occurredat: '',
  publishedat: '',
  position: id,
  dataschema: '',
  data: 1,
})

/** A source that plays these pages, then stops the follower. */
function playing(pages: readonly (PulledPage<number> | Problem)[]) {
  const stop = new AbortController()
  const committed: string[] = []
  const asked: (string | undefined)[] = []
  const reported: DigestReport[] = []
  const left = [...pages]
  return {
    stop,
    committed,
    asked,
    reported,
    source: {
      pull: async <Data>(_: string, options: { after?: string | undefined }) => {
        asked.push(options.after)
        const page = left.shift()
        if (left.length === 0) stop.abort()
        if (page instanceof Problem) throw page
        return (page ?? { events: [], from: '', next: options.after ?? '', more: false }) as PulledPage<Data>
      },
      commit: async (_: string, cursor: string) => void committed.push(cursor),
      texts: ({ events }: PulledPage) => events.map((each) => JSON.stringify(each)),
      report: async (_: string, report: DigestReport): Promise<DigestAnswer> => {
        reported.push(report)
        return { matches: true }
      },
    },
  }
}

test('each event is handed out once, in order, and the page is committed when all of it was handled', async () => {
  const { stop, committed, source } = playing([
    { events: [event('a'), event('b')], from: '0', next: '1', more: true },
    { events: [event('b'), event('c')], from: '1', next: '2', more: false },
    { events: [], from: '2', next: '2', more: false },
    { events: [], from: '2', next: '2', more: false },
  ])
  const handled: string[] = []
  await follow<number>(source, { subscription: 's', handle: ({ id }) => void handled.push(id), signal: stop.signal })
  expect(handled).toEqual(['a', 'b', 'c'])
  expect(committed).toEqual(['1', '2'])
})

test('a page whose handling failed is not committed', async () => {
  const { stop, committed, source } = playing([
    { events: [event('a'), event('b')], from: '0', next: '1', more: true },
    { events: [], from: '1', next: '1', more: false },
  ])
  const following = follow<number>(source, {
    subscription: 's',
    signal: stop.signal,
    handle: ({ id }) => {
      if (id === 'b') throw new Error('the database is full')
    },
  })
  await expect(following).rejects.toThrow('the database is full')
  expect(committed).toEqual([])
})

test('a cursor that a decision has moved is left for the committed one', async () => {
  const { stop, asked, source } = playing([
    { events: [event('a')], from: '0', next: '1', more: false },
    new Problem('cursor-outdated'),
    { events: [event('z')], from: '8', next: '9', more: false },
    { events: [], from: '9', next: '9', more: false },
  ])
  const handled: string[] = []
  await follow<number>(source, { subscription: 's', handle: ({ id }) => void handled.push(id), signal: stop.signal })
  expect(asked).toEqual([undefined, '1', undefined, '9'])
  expect(handled).toEqual(['a', 'z'])
})

test('P10: what was handled is reported by pages that join, and the rest when the following ends', async () => {
  const { stop, reported, source } = playing([
    { events: [event('00a'), event('01b')], from: '0', next: '1', more: true },
    { events: [], from: '1', next: '1', more: true },
    { events: [event('00c')], from: '1', next: '2', more: false },
    { events: [event('00d')], from: '2', next: '3', more: false },
    { events: [event('00z')], from: '8', next: '9', more: false },
    { events: [], from: '9', next: '9', more: false },
  ])
  const answers: unknown[] = []
  const prove = { everyPages: 2, onReport: (answer: unknown) => void answers.push(answer) }
  await follow<number>(source, { subscription: 's', handle: () => undefined, signal: stop.signal, prove })
  expect(reported.map(({ from, to, count, parts }) => ({ from, to, count, parts: parts?.length }))).toEqual([
    { from: '0', to: '2', count: 3, parts: 2 },
    { from: '2', to: '3', count: 1, parts: 1 },
    { from: '8', to: '9', count: 1, parts: 1 },
  ])
  expect(answers).toEqual([{ matches: true }, { matches: true }, { matches: true }])
})
