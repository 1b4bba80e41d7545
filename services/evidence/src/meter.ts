import type { ViewKey } from '@unavez/engine'

import type { RequestState } from './facts.ts'

/** What has been counted for a procedure: of one partition, or of all. */
export interface Counted {
  /** Answers that reached their requester, and those used once more: papers that nobody had to bring. */
  readonly documentsNotAskedFor: number
  /** Of these: answers that were still valid and not asked for again. */
  readonly reused: number
  readonly requests: number
  readonly notFound: number
  readonly refused: number
  readonly declined: number
  readonly expired: number
}

export const nothingCounted: Counted = {
  documentsNotAskedFor: 0,
  reused: 0,
  requests: 0,
  notFound: 0,
  refused: 0,
  declined: 0,
  expired: 0,
}

/** Rows by partition: each is the work of one fold, so that puts stay deterministic. */
export const meterList = (procedure: string): Omit<ViewKey, 'sort'> => ({
  view: 'evidence-meter',
  partition: procedure,
})

export const added = (a: Counted, b: Counted): Counted => ({
  documentsNotAskedFor: a.documentsNotAskedFor + b.documentsNotAskedFor,
  reused: a.reused + b.reused,
  requests: a.requests + b.requests,
  notFound: a.notFound + b.notFound,
  refused: a.refused + b.refused,
  declined: a.declined + b.declined,
  expired: a.expired + b.expired,
})

const reached = ({ state }: RequestState): boolean => state === 'fetched' || state === 'closed'

/** What one step of a request adds, by procedure: each way that it can go counts once. */
export function countedBy(before: RequestState | undefined, after: RequestState): ReadonlyMap<string, Counted> {
  const came = (state: RequestState['state']): number => Number(after.state === state && before?.state !== state)
  const counts = new Map<string, Counted>([
    [
      after.procedure,
      {
        ...nothingCounted,
        documentsNotAskedFor: Number(reached(after) && (before === undefined || !reached(before))),
        requests: Number(before === undefined),
        notFound: came('not-found'),
        refused: came('refused'),
        declined: came('declined'),
        expired: came('expired'),
      },
    ],
  ])
  for (const { procedure } of after.reuses.slice(before?.reuses.length ?? 0)) {
    const once = { ...nothingCounted, documentsNotAskedFor: 1, reused: 1 }
    counts.set(procedure, added(counts.get(procedure) ?? nothingCounted, once))
  }
  return counts
}
