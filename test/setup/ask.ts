import { expect } from '@jest/globals'
import { isProblemCode, type ProblemCode, type ProblemDocument, problems } from '@unavez/protocol'

import type { Answered } from './send.ts'

export { ask, exchange } from './send.ts'
export type { Answered, Asked } from './send.ts'

/** The problem that an answer is: RFC 9457, of the catalogue, complete, in one language. */
export function problemIn(answered: Answered, code?: ProblemCode): ProblemDocument {
  const problem = answered.json as ProblemDocument
  expect({ code: problem?.code, status: answered.status }).toEqual({
    code: code ?? expect.any(String),
    status: isProblemCode(problem?.code) ? problems[problem.code].status : 'a status of the catalogue',
  })
  expect(answered.headers.get('content-type')).toBe('application/problem+json')
  const { es, en } = problems[problem.code as ProblemCode]
  const language = answered.headers.get('content-language')
  expect(problem).toMatchObject({
    type: `urn:unavez:problem:${problem.code}`,
    status: answered.status,
    title: language === 'en' ? en : es,
    instance: expect.stringMatching(/^urn:unavez:trace:[0-9a-f]{32}$/),
  })
  return problem
}
