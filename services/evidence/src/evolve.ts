import type { EvidenceFact, RequestState, RequestStatus } from './facts.ts'

/** Where the facts were found, by whom and when. */
export interface Found {
  readonly by: string
  /** By the log's clock; RFC 3339 UTC. */
  readonly at: string
  readonly offset: number
}

const known: Readonly<Record<EvidenceFact['type'], true>> = {
  'evidence-requested': true,
  'evidence-postponed': true,
  'evidence-information-needed': true,
  'evidence-information-given': true,
  'evidence-document-added': true,
  'evidence-supplied': true,
  'evidence-not-found': true,
  'evidence-refused': true,
  'preview-approved': true,
  'preview-declined': true,
  'evidence-fetched': true,
  'evidence-received': true,
  'evidence-cancelled': true,
  'evidence-expired': true,
  'payload-destroyed': true,
  'evidence-reused': true,
}

/** The state after a fact; undefined if the fact makes no sense after what came before. Pure. */
export function evolve(state: RequestState | undefined, fact: EvidenceFact, found: Found): RequestState | undefined {
  if (fact.type === 'evidence-requested') {
    if (state !== undefined) return undefined
    const { type: _, ...asked } = fact
    const start = { version: 0, state: 'forwarded', documents: [], reuses: [], destroyed: false, seen: [] } as const
    return { ...asked, ...start, askedAt: found.at, by: found.by }
  }
  if (state === undefined) return undefined
  // Written by a newer version of the code: it counts, and this code knows that it does not know the state.
  if (!Object.hasOwn(known, fact.type)) return { ...state, opaque: true }
  switch (fact.type) {
    case 'evidence-postponed':
      return { ...state, state: 'waiting', availableAt: fact.at }
    case 'evidence-information-needed':
      return { ...state, state: 'waiting', need: fact.need }
    case 'evidence-information-given': {
      const { need: _, availableAt: __, ...rest } = state
      return { ...rest, state: 'forwarded', information: fact.sealed }
    }
    case 'evidence-document-added': {
      const others = state.documents.filter(({ n }) => n !== fact.document.n)
      return { ...state, documents: [...others, fact.document].toSorted((a, b) => a.n - b.n) }
    }
    case 'evidence-supplied': {
      const answer = { evidence: fact.evidence, at: found.at, offset: found.offset }
      return { ...state, state: state.preview ? 'preview' : 'supplied', answer }
    }
    case 'evidence-refused':
      return { ...state, state: 'refused', reason: fact.reason }
    case 'evidence-cancelled':
      return { ...state, state: 'cancelled', ...(fact.reason === undefined ? {} : { reason: fact.reason }) }
    case 'evidence-reused': {
      const { procedure, requirement } = fact
      return { ...state, reuses: [...state.reuses, { procedure, requirement }] }
    }
    case 'payload-destroyed':
      return { ...state, destroyed: true }
    case 'evidence-not-found':
    case 'preview-approved':
    case 'preview-declined':
    case 'evidence-fetched':
    case 'evidence-received':
    case 'evidence-expired':
      return { ...state, state: leadsTo[fact.type] }
  }
}

const leadsTo = {
  'evidence-not-found': 'not-found',
  'preview-approved': 'supplied',
  'preview-declined': 'declined',
  'evidence-fetched': 'fetched',
  'evidence-received': 'closed',
  'evidence-expired': 'expired',
} as const satisfies Readonly<Record<string, RequestStatus>>
