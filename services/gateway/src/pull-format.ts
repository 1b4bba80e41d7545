import { Problem, type ProblemDocument } from '@unavez/protocol'
import type { Chunk } from '@unavez/service-kit'

/** One page on its way out: what its writers need of it. */
export interface LeavingPage {
  /** The JSON of each event, in the order in which they leave: the very bytes that disclosures tell the hash of. */
  readonly events: readonly Buffer[]
  /** Cursors of where the page begins and of where to read on. */
  readonly from: string
  readonly next: string
  readonly more: boolean
}

/** How pages leave as a stream. */
export interface StreamFormat {
  readonly contentType: string
  /** Seconds of silence after which a stream ends that is at the end of what there is, unless the caller says otherwise. */
  readonly waitSeconds: number
  /** The first bytes. */
  readonly opening: string
  /** The bytes of a page, each piece a whole number of events. */
  page(page: LeavingPage): Iterable<Buffer>
  /** What is said when nothing happens, so that both sides see that the other one is there. */
  alive(page: LeavingPage): Chunk
  /** The last thing said when a stream ends before its time. */
  failed(problem: Problem, document: ProblemDocument): Chunk
}

export type Format = 'json' | 'ndjson' | 'events'

const types: ReadonlyMap<string, Format> = new Map([
  ['application/json', 'json'],
  ['application/*', 'json'],
  ['*/*', 'json'],
  ['application/x-ndjson', 'ndjson'],
  ['text/event-stream', 'events'],
  ['text/*', 'events'],
])

const acceptLength = 1024

/** The format that the caller likes best (RFC 9110 §12.5.1); the first of those it likes alike. Refuses 'accept-unsupported'. */
export function formatOf(accept: string | undefined): Format {
  if (accept === undefined || accept.trim() === '') return 'json'
  let best: { readonly format: Format; readonly quality: number } | undefined
  for (const part of accept.slice(0, acceptLength).split(',')) {
    const [type = '', ...parameters] = part.split(';').map((each) => each.trim().toLowerCase())
    const format = types.get(type)
    const given = parameters.find((each) => each.startsWith('q='))
    const quality = given === undefined ? 1 : Number(given.slice(2))
    if (format !== undefined && quality > (best?.quality ?? 0)) best = { format, quality }
  }
  if (best === undefined) throw new Problem('accept-unsupported')
  return best.format
}

const comma = Buffer.from(',')
const newLine = Buffer.from('\n')
const dataStart = Buffer.from('data: ')
const blank = Buffer.from('\n\n')

/** Bytes that leave in one piece; between two of them policy is asked again. */
const pieceBytes = 64 * 1024

/** `{"events": […], "from": …, "next": …, "more": …}` */
export function jsonPage({ events, from, next, more }: LeavingPage): Buffer {
  const parts: Buffer[] = [Buffer.from('{"events":[')]
  for (const [i, event] of events.entries()) {
    if (i > 0) parts.push(comma)
    parts.push(event)
  }
  parts.push(Buffer.from(`],"from":"${from}","next":"${next}","more":${more}}`))
  return Buffer.concat(parts)
}

/**
 * One JSON value per line: events, and after each page its cursors (`{"from", "next", "more"}`), which come again as a sign
 * of life. A stream that ends before its time says why last: `{"problem", "retryAfter"}`.
 */
export const ndjson: StreamFormat = {
  contentType: 'application/x-ndjson',
  waitSeconds: 0,
  opening: '',
  *page(page) {
    yield* pieces(page.events, (event) => [event, newLine], Buffer.from(cursorLine(page)))
  },
  alive: cursorLine,
  failed: ({ details: { retryAfter } }, problem) => `${JSON.stringify({ problem, retryAfter })}\n`,
}

function cursorLine({ from, next, more }: LeavingPage): string {
  return `{"from":"${from}","next":"${next}","more":${more}}\n`
}

/** How long a client waits before it comes again, unless the end of the stream says otherwise. Milliseconds. */
const reconnectMs = 1000

/**
 * Server-sent events: `data` is an event's JSON. The last of a page has the cursor behind the page as its `id`, so whoever
 * comes back with `Last-Event-ID` misses nothing and gets at most a page again. A stream that ends before its time says why in
 * an event named `problem`.
 */
export const serverSentEvents: StreamFormat = {
  contentType: 'text/event-stream',
  waitSeconds: Infinity,
  opening: `retry: ${reconnectMs}\n\n`,
  *page({ events, next }) {
    const id = Buffer.from(`id: ${next}\n`)
    // An id alone moves the client's place without an event.
    const end = events.length === 0 ? Buffer.concat([id, newLine]) : undefined
    const last = events.length - 1
    yield* pieces(events, (event, i) => [...(i === last ? [id] : []), dataStart, event, blank], end)
  },
  alive: () => ':\n\n',
  failed: ({ details: { retryAfter } }, document) => {
    const retry = retryAfter === undefined ? '' : `retry: ${Math.ceil(retryAfter * 1000)}\n`
    return `${retry}event: problem\ndata: ${JSON.stringify(document)}\n\n`
  },
}

function* pieces(
  events: readonly Buffer[],
  written: (event: Buffer, i: number) => readonly Buffer[],
  end: Buffer | undefined,
): Iterable<Buffer> {
  let parts: Buffer[] = []
  let bytes = 0
  for (const [i, event] of events.entries()) {
    parts.push(...written(event, i))
    bytes += event.length
    if (bytes < pieceBytes) continue
    yield Buffer.concat(parts)
    parts = []
    bytes = 0
  }
  if (end !== undefined) parts.push(end)
  if (parts.length > 0) yield Buffer.concat(parts)
}
