import { type DeliveredEvent, Problem, type PulledPage } from '@unavez/protocol'

import { type DigestAnswer, type DigestReport, Proof, type ProveOptions } from './proof.ts'
import { RecentIds } from './recent.ts'

export interface FollowOptions<Data> {
  readonly subscription: string
  /** Called for one event at a time. What it throws ends the following; the page is not committed and comes again. */
  readonly handle: (event: DeliveredEvent<Data>) => Promise<void> | void
  readonly signal: AbortSignal
  readonly limit?: number
  /** Seconds of one long poll. */
  readonly wait?: number
  /** Reports to the bus what was handled, so that both know that nothing is missing. */
  readonly prove?: ProveOptions
}

interface Source {
  pull<Data>(
    subscription: string,
    options: { after?: string | undefined; limit?: number; wait?: number; signal?: AbortSignal },
  ): Promise<PulledPage<Data>>
  commit(subscription: string, cursor: string): Promise<void>
  texts(page: PulledPage): readonly string[]
  report(subscription: string, report: DigestReport): Promise<DigestAnswer>
}

/** Repeats this far back are recognised; older ones are handed out again, as after a restart. */
const remembered = 10_000

export async function follow<Data>(source: Source, options: FollowOptions<Data>): Promise<void> {
  const { subscription, handle, signal, limit = 500, wait = 20 } = options
  const recent = new RecentIds(remembered)
  const proof = options.prove && new Proof(source, subscription, options.prove)
  let after: string | undefined
  while (!signal.aborted) {
    try {
      const page: PulledPage<Data> = await source.pull<Data>(subscription, { after, limit, wait, signal })
      for (const event of page.events) {
        if (signal.aborted) return await proof?.send()
        if (recent.has(event.source, event.id)) continue
        await handle(event)
        recent.add(event.source, event.id)
      }
      if (page.next !== after) await source.commit(subscription, page.next)
      after = page.next
      await proof?.add(page)
    } catch (error) {
      if (signal.aborted) break
      // The cursor was moved by decision (a resumption without backlog, a rewind): go on from where it stands now.
      if (!(error instanceof Problem) || (error.code !== 'cursor-outdated' && error.code !== 'cursor-behind'))
        throw error
      after = undefined
    }
  }
  await proof?.send()
}
