import { expect, test } from '@jest/globals'

import { answerOf } from '../../src/endpoint/answer.ts'

const now = new Date('2026-11-22T10:00:00Z')
const received = (status: number, more: { retryAfter?: string; body?: string } = {}) =>
  answerOf({ status, ms: 5, retryAfter: more.retryAfter, body: Buffer.from(more.body ?? '') }, now)

test.each([200, 201, 202, 204, 299])('P4: %i delivers', (status) => {
  expect(received(status)).toEqual({ kind: 'delivered', status, ms: 5 })
})

test.each([
  ['subject', [300, 301, 302, 307, 308, 400, 401, 403, 404, 408, 409, 413, 422, 425, 500, 501, 505]],
  ['endpoint', [429, 502, 503, 504]],
  ['gone', [410]],
  ['unsupported', [415]],
])('P4: what speaks of the %s is no success: %j', (blames, statuses) => {
  for (const status of statuses)
    expect(received(status)).toEqual({ kind: 'refused', status, ms: 5, code: `http-${status}`, blames })
})

test.each([
  ['30', 30_000],
  ['0', 1000],
  ['99999999999999999999', 3_600_000],
  ['Sun, 22 Nov 2026 10:02:00 GMT', 120_000],
  ['Sun, 22 Nov 2020 10:02:00 GMT', 1000],
  ['Sun, 22 Nov 2099 10:02:00 GMT', 3_600_000],
])('Retry-After %s means %i ms', (retryAfter, retryAfterMs) => {
  expect(received(503, { retryAfter })).toMatchObject({ retryAfterMs })
})

test.each(['', 'soon', '-', 'NaN'])('Retry-After %p is not there', (retryAfter) => {
  expect(received(503, { retryAfter })).not.toHaveProperty('retryAfterMs')
})

test.each([0, 100, 199, 600, 999])('%i is no answer of HTTP', (status) => {
  expect(received(status)).toEqual({ kind: 'unreachable', ms: 5, code: 'answer-invalid' })
})

test('the answer may tell the effect, and only known ones count', () => {
  const effectOf = (body: string) => received(200, { body })
  expect(effectOf('{"effect":"applied"}')).toMatchObject({ effect: { effect: 'applied' } })
  expect(effectOf('{"effect":"rejected","detail":"no such file"}')).toMatchObject({
    effect: { effect: 'rejected', detail: 'no such file' },
  })
  expect(effectOf(JSON.stringify({ effect: 'applied', detail: 'x'.repeat(5000) }))).toMatchObject({
    effect: { detail: 'x'.repeat(1000) },
  })
  for (const body of ['', 'OK', '[]', 'null', '1', '{"effect":"exploded"}', '{"effect":{}}', '{"effect":"applied"'])
    expect(effectOf(body)).toEqual({ kind: 'delivered', status: 200, ms: 5 })
})
