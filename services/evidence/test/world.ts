import { Problem, type ProblemCode } from '@unavez/protocol'

import { evolve } from '../src/evolve.ts'
import type { Asked, RequestState } from '../src/facts.ts'
import { decide, type EvidenceCommand } from '../src/request.ts'

export const at = new Date('2026-11-22T12:00:00Z')
export const later = new Date('2026-11-22T12:05:00Z')

export const asked: Asked = {
  id: 'evr_1',
  procedure: 'css.newborn-enrolment',
  requirement: 'birth-proof',
  evidenceType: 'pa.gob.civil.birth-certificate.v1',
  requester: 'css',
  provider: 'te',
  agreement: 'agr_1',
  subject: 'root',
  fields: ['child', 'birthDate'],
  grounds: { kind: 'ex-officio', norm: 'Ley 83 de 2012' },
  preview: false,
  deadline: '2026-11-22T12:10:00.000Z',
  decision: 'dec_1',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  sealed: 'c2VhbGVk',
}

/** A request that these commands have made, one after the other, at one moment. */
export function requestAfter(...commands: readonly EvidenceCommand[]): RequestState | undefined {
  let state: RequestState | undefined
  for (const [offset, command] of commands.entries()) {
    const found = { by: 'te.registro', at: at.toISOString(), offset }
    for (const fact of decide(state, command, at)) state = evolve(state, fact, found)
  }
  return state
}

export function problemOf(work: () => unknown): ProblemCode | undefined {
  try {
    work()
    return undefined
  } catch (error) {
    if (error instanceof Problem) return error.code
    throw error
  }
}
