import { setTimeout as sleep } from 'node:timers/promises'

import { Problem } from '@unavez/protocol'

/** A request as its provider sees it. */
export interface EvidenceRequested {
  readonly id: string
  readonly type: string
  readonly state: 'forwarded' | 'waiting'
  readonly subject: { readonly scheme: string; readonly id: string }
  readonly fields: readonly string[]
  readonly requester: string
  readonly procedure: string
  readonly requirement: string
  /** RFC 3339 UTC: no answer is taken from then on. */
  readonly deadline: string
  readonly parameters?: Readonly<Record<string, unknown>>
  /** What the requester said when more was needed to tell whom it is about. */
  readonly information?: string
  readonly availableAt?: string
  readonly need?: 'more-information' | 'choice'
}

/** Times RFC 3339 UTC. */
export type EvidenceAnswer =
  | {
      readonly outcome: 'supplied'
      readonly evidence: {
        readonly issuedAt: string
        readonly issuedBy: string
        readonly asOf: string
        readonly validUntil?: string
      }
      readonly data: unknown
    }
  | { readonly outcome: 'available-later'; readonly at: string }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'not-found' | 'more-information-needed' | 'ambiguous' }

export type Lookup = (request: EvidenceRequested) => Promise<EvidenceAnswer> | EvidenceAnswer

export interface ProvideOptions {
  readonly signal: AbortSignal
  /** Seconds of one long poll. */
  readonly wait?: number
  /** What `lookup` threw, and what the bus did not take: the request stays open and is looked up again. */
  readonly onError?: (error: unknown, request: EvidenceRequested) => void
}

interface Bus {
  get<Reply>(path: string, options?: { signal?: AbortSignal | undefined }): Promise<Reply>
  post<Reply>(path: string, body: unknown): Promise<Reply>
}

const limits = {
  /** Looked up at the same time. */
  page: 20,
  /** After a round in which nothing could be answered. */
  pauseMs: 1000,
} as const

/** Answers every request for one type of evidence by a look-up, until the signal aborts. Repeating an answer is safe: only one counts. */
export async function provide(
  bus: Bus,
  type: string,
  { lookup, signal, wait = 20, onError = () => undefined }: ProvideOptions & { readonly lookup: Lookup },
): Promise<void> {
  let after: string | null = null
  while (!signal.aborted) {
    const page: Page | undefined = await listed(bus, pathOf({ type, wait, after }), signal)
    if (page === undefined) return
    const answered = await Promise.all(page.items.filter(isRipe).map(answer))
    after = page.next
    if (after === null && !answered.includes(true) && page.items.length > 0) await pause(signal)
  }

  async function answer(request: EvidenceRequested): Promise<boolean> {
    try {
      await bus.post(`/v1/evidence-requests/${encodeURIComponent(request.id)}/answer`, await lookup(request))
      return true
    } catch (error) {
      // Somebody else answered, or time ran out: nothing is left to do.
      if (error instanceof Problem && error.status === 409) return true
      onError(error, request)
      return false
    }
  }
}

/** What was announced for later is looked up again then; what waits for its requester, once that has spoken. */
const isRipe = ({ availableAt, need }: EvidenceRequested): boolean =>
  need === undefined && (availableAt === undefined || Date.parse(availableAt) <= Date.now())

interface Page {
  readonly items: readonly EvidenceRequested[]
  readonly next: string | null
}

interface Listing {
  readonly type: string
  readonly wait: number
  readonly after: string | null
}

function pathOf({ type, wait, after }: Listing): string {
  const query = new URLSearchParams({ role: 'provider', state: 'open', type })
  query.set('limit', String(limits.page))
  query.set('wait', String(wait))
  if (after !== null) query.set('after', after)
  return `/v1/evidence-requests?${query.toString()}`
}

async function listed(bus: Bus, path: string, signal: AbortSignal): Promise<Page | undefined> {
  try {
    return await bus.get<Page>(path, { signal })
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
}

const pause = (signal: AbortSignal): Promise<void> =>
  sleep(limits.pauseMs, undefined, { signal }).catch(() => undefined)
