/** What the generator is told to do. It runs in a process of its own, so that its CPU is nobody else's. */
export interface Job {
  readonly url: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly connections: number
  /** What to send instead of events, each once; the round ends with the last. */
  readonly bodies?: readonly string[]
  /** Events per request; more than one makes a batch. */
  readonly batch: number
  /** Requests per second on a fixed schedule, whatever the server does; without it each connection sends as soon as it is answered. */
  readonly perSecond?: number
  /** Not measured; then measured. Milliseconds. */
  readonly warmMs: number
  readonly runMs: number
  /** Names this run's events among all. */
  readonly run: string
}

export interface Done {
  readonly kind: 'done'
  readonly events: number
  readonly seconds: number
  /** Of one request, milliseconds; on a schedule from when it was to be sent, so that waiting for a slow server counts. */
  readonly p50: number
  readonly p99: number
  /** Answers that were no 2xx, by status. */
  readonly refused: Readonly<Record<string, number>>
}

export type FromGenerator = { readonly kind: 'begun' } | Done

/** About 1 KB as it is sent, its subject one of a million. Letters only where free text is: numbers there are looked at. */
export function offerOf(run: string, n: number): string {
  const child = `${(n % 9) + 1}-${(Math.imul(n, 7919) >>> 0) % 10_000}-${(n % 100_000) + 1}`
  return (
    `{"specversion":"1.0","id":"${run}x${n.toString(36)}","source":"urn:unavez:pa:te:registro",` +
    `"type":"pa.gob.civil.birth-registered.v1","time":"2026-11-22T10:00:00Z","occurredat":"2026-11-20T03:10:00Z",` +
    `"changetype":"created","datacontenttype":"application/json","data":{"child":"${child}",` +
    `"birthDate":"2026-11-20","place":"${place}","mother":"8-765-4321"}}`
  )
}

const place = 'corregimiento de San Felipe '.repeat(24).trim()

export interface DrainJob {
  readonly url: string
  /** Up to the query's next parameter: it ends in `?` or `&`. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** The first cursor; empty for none. */
  readonly after: string
  readonly events: number
}

export interface Drained {
  readonly events: number
  readonly bytes: number
  readonly seconds: number
}
