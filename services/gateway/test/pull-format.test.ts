import { describe, expect, test } from '@jest/globals'

import { formatOf, jsonPage, ndjson, serverSentEvents } from '../src/pull-format.ts'

const event = (id: string): Buffer => Buffer.from(`{"id":"${id}"}`)
const page = { events: [event('a'), event('b')], from: 'cursor-1', next: 'cursor-2', more: true }
const empty = { ...page, events: [] }
const written = (pieces: Iterable<Buffer>): string => Buffer.concat([...pieces]).toString()

describe('How pages leave', () => {
  test('as one JSON object', () => {
    expect(JSON.parse(jsonPage(page).toString())).toEqual({ ...page, events: [{ id: 'a' }, { id: 'b' }] })
    expect(JSON.parse(jsonPage(empty).toString())).toEqual(empty)
  })

  test('as lines: events, then the cursors, which are the sign of life, too', () => {
    const cursors = '{"from":"cursor-1","next":"cursor-2","more":true}\n'
    expect(written(ndjson.page(page))).toBe(`{"id":"a"}\n{"id":"b"}\n${cursors}`)
    expect(written(ndjson.page(empty))).toBe(cursors)
    expect(ndjson.alive(empty)).toBe(cursors)
  })

  test('as server-sent events: only the last of a page moves the place that its client comes back to', () => {
    expect(written(serverSentEvents.page(page))).toBe('data: {"id":"a"}\n\nid: cursor-2\ndata: {"id":"b"}\n\n')
    expect(written(serverSentEvents.page(empty))).toBe('id: cursor-2\n\n')
    expect(serverSentEvents.alive(empty)).toBe(':\n\n')
  })

  test('P14: in pieces of bounded size, so that policy is asked between them', () => {
    const large = Buffer.from(`"${'x'.repeat(30_000)}"`)
    const many = { ...page, events: Array.from({ length: 20 }, () => large) }
    for (const format of [ndjson, serverSentEvents]) {
      const pieces = [...format.page(many)]
      expect(pieces.length).toBeGreaterThan(5)
      expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(128 * 1024)
    }
  })

  test('in the format that the caller likes best', () => {
    expect(formatOf(undefined)).toBe('json')
    expect(formatOf('*/*')).toBe('json')
    expect(formatOf('application/x-ndjson')).toBe('ndjson')
    expect(formatOf('text/event-stream')).toBe('events')
    expect(formatOf('application/json;q=0.5, application/x-ndjson')).toBe('ndjson')
    expect(formatOf('Text/Event-Stream; charset=utf-8, application/json;q=0.9')).toBe('events')
    for (const accept of ['text/html', 'application/json;q=0', 'nonsense;q=x']) {
      expect(() => formatOf(accept)).toThrow('accepted formats')
    }
  })
})
