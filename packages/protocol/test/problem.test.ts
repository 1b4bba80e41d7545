import { expect, test } from '@jest/globals'

import { Problem, type ProblemCode, problems } from '../src/index.ts'

test.each(Object.entries(problems))(
  '%s says no in both languages, with a status that means no',
  (_, { status, es, en }) => {
    expect(es.trim().length).toBeGreaterThan(0)
    expect(en.trim().length).toBeGreaterThan(0)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(600)
  },
)

test('a problem is told in the language asked for, and becomes the same problem again on the other side', () => {
  const problem = new Problem('agreement-not-active', {
    detail: { es: 'está suspendido', en: 'it is suspended' },
    pointer: '/agreement',
    decision: 'd1',
    remedy: { es: 'reanúdelo', en: 'resume it' },
    whoCanGrant: ['te'],
  })
  const document = problem.document('es', 'urn:trace:1')
  expect(document).toMatchObject({
    code: 'agreement-not-active',
    status: 403,
    detail: 'está suspendido',
    remedy: 'reanúdelo',
  })
  const again = Problem.from(document, 7)
  expect(again.document('es', 'urn:trace:1')).toEqual(document)
  expect(again.details.retryAfter).toBe(7)
})

test('a code that this version does not know keeps its words', () => {
  const document = { type: '', status: 418, code: 'teapot' as ProblemCode, title: 'Short and stout' }
  expect(Problem.from(document)).toMatchObject({
    code: 'internal-error',
    details: { detail: { en: 'Short and stout' } },
  })
})
