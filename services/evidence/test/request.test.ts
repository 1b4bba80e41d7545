import { describe, expect, test } from '@jest/globals'
import { problemOf, requestAfter } from './world.ts'
import fc from 'fast-check'

import { evolve } from '../src/evolve.ts'
import { type EvidenceFact, isEnd, type RequestState } from '../src/facts.ts'
import { decide, type EvidenceCommand } from '../src/request.ts'
import { asked, at, later } from './world.ts'

const evidence = { issuedAt: '2026-11-22T09:00:00Z', issuedBy: 'te', asOf: '2026-11-22T09:00:00Z' }
const supply: EvidenceCommand = { do: 'supply', evidence, sealed: 'c2VhbGVk', contractVersion: 1 }

describe('A request for evidence', () => {
  test('is forwarded once it is asked, and asked once', () => {
    const state = requestAfter({ do: 'ask', asked })
    expect(state?.state).toBe('forwarded')
    expect(problemOf(() => decide(state, { do: 'ask', asked }, at))).toBe('state-conflict')
  })

  test('is answered once: each further answer is refused, until the end and after it', () => {
    const ask: EvidenceCommand = { do: 'ask', asked }
    for (const path of [[supply], [{ do: 'not-found' }], [{ do: 'refuse', reason: 'No' }]] as const) {
      const state = requestAfter(ask, ...path)
      expect(problemOf(() => decide(state, supply, at))).toBe('evidence-already-answered')
    }
    const closed = requestAfter(ask, supply, { do: 'fetch' }, { do: 'receive' })
    expect(problemOf(() => decide(closed, supply, at))).toBe('evidence-already-answered')
  })

  test('takes an answer at any time while it waits for one that is available later', () => {
    const waiting = requestAfter({ do: 'ask', asked }, { do: 'postpone', at: later.toISOString() })
    expect(waiting?.state).toBe('waiting')
    expect(decide(waiting, supply, at)).toHaveLength(1)
  })

  test('shows its answer to nobody before the citizen has approved it, where a preview is asked for', () => {
    const asking: EvidenceCommand = { do: 'ask', asked: { ...asked, preview: true } }
    const state = requestAfter(asking, supply)
    expect(state?.state).toBe('preview')
    expect(problemOf(() => decide(state, { do: 'fetch' }, at))).toBe('state-conflict')
    expect(requestAfter(asking, supply, { do: 'approve' })?.state).toBe('supplied')
    expect(requestAfter(asking, supply, { do: 'decline' })?.state).toBe('declined')
  })

  test('P13: past its deadline it takes nothing but its end: expired, or closed if the evidence had been fetched', () => {
    const ask: EvidenceCommand = { do: 'ask', asked }
    const over = new Date(asked.deadline)
    expect(problemOf(() => decide(requestAfter(ask), supply, over))).toBe('state-conflict')
    expect(decide(requestAfter(ask), { do: 'expire' }, over)).toEqual([{ type: 'evidence-expired' }])
    expect(decide(requestAfter(ask, supply, { do: 'fetch' }), { do: 'expire' }, over)).toEqual([
      { type: 'evidence-received' },
    ])
    expect(decide(requestAfter(ask), { do: 'expire' }, at)).toEqual([])
  })
})

const command: fc.Arbitrary<EvidenceCommand> = fc.oneof(
  fc.constant<EvidenceCommand>(supply),
  fc.constantFrom<EvidenceCommand>(
    { do: 'ask', asked },
    { do: 'ask', asked: { ...asked, preview: true } },
    { do: 'not-found' },
    { do: 'refuse', reason: 'No' },
    { do: 'postpone', at: later.toISOString() },
    { do: 'need', need: 'choice' },
    { do: 'inform', sealed: 'aW5mbw==' },
    { do: 'approve' },
    { do: 'decline' },
    { do: 'fetch' },
    { do: 'receive' },
    { do: 'cancel' },
    { do: 'expire' },
    { do: 'destroy' },
  ),
)

test('P13: whatever happens, in whatever order: an end stays an end, an answer stays the answer, and time ends everything', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(command, fc.nat({ max: 900 })), { maxLength: 40 }), (steps) => {
      let state: RequestState | undefined
      let now = at.getTime()
      for (const [next, seconds] of steps) {
        now += seconds * 1000
        const before = state
        state = after(state, next, new Date(now))
        expect([before, state, keeps(before, state)]).toEqual([before, state, true])
      }
      if (state === undefined) return
      const end = after(state, { do: 'expire' }, new Date(Math.max(now, Date.parse(state.deadline))))
      expect(end !== undefined && isEnd(end.state)).toBe(true)
      expect(after(end, { do: 'destroy' }, new Date(now))?.destroyed).toBe(true)
    }),
  )
})

/** An end stays an end, and an answer the answer. */
const keeps = (before: RequestState | undefined, after: RequestState | undefined): boolean =>
  before === undefined ||
  ((!isEnd(before.state) || after?.state === before.state) &&
    (before.answer === undefined || after?.answer === before.answer))

function after(state: RequestState | undefined, next: EvidenceCommand, now: Date): RequestState | undefined {
  let facts: readonly EvidenceFact[] = []
  problemOf(() => (facts = decide(state, next, now)))
  const found = { by: '', at: now.toISOString(), offset: 0 }
  return facts.reduce<RequestState | undefined>((known, fact) => evolve(known, fact, found), state)
}
