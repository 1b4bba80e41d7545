import { setImmediate as breathe, setTimeout as sleep } from 'node:timers/promises'

import { noticesFollower, type Notices, noticesPartition, openNotices, readNotice } from '@unavez/service-kit'
import type { Surroundings } from '@unavez/service-kit'

import { type Notice, noticeDaysMax, noticesOf } from './notices.ts'

const sweepLimits = {
  /** However still policy is, the clock is looked at again. */
  everyMs: 15_000,
  /** What changes meanwhile is looked at together; longer where looking takes long. */
  gatherMs: 500,
  gatherTimes: 10,
  /** Notices raised side by side. */
  together: 100,
  pageMessages: 1000,
  pageBytes: 4 * 1024 * 1024,
} as const
const dayMs = 86_400_000
/** Longer than any notice goes on being told, shorter than its event is kept: what is read again is still known as a repeat. */
const keptMs = (noticeDaysMax + 20) * dayMs

/**
 * Raises each notice once it is due. One instance at a time does it; if two do, or one begins again, what was raised before is in the topic,
 * and what is raised twice is one event.
 */
export async function sweepNotices(surroundings: Surroundings): Promise<void> {
  const { engine } = surroundings
  const notices = await openNotices(engine)
  const owning = await engine.log.own('notice-sweep', [noticesPartition.topic], (_, signal) =>
    sweep(surroundings, notices, signal),
  )
  surroundings.onClose(() => owning.close())
}

/** Until the signal; an error is told, and the sweep begins again. */
async function sweep(surroundings: Surroundings, notices: Notices, signal: AbortSignal): Promise<void> {
  const { clock, log } = surroundings
  let raised: ReadonlySet<string> | undefined
  while (!signal.aborted) {
    const changed = nextChange(surroundings, signal)
    const begunMs = clock.monotonic()
    try {
      raised = await raiseDue(surroundings, notices, raised ?? (await raisedBefore(surroundings)))
      await forgetOld(surroundings)
    } catch (error) {
      raised = undefined
      if (!signal.aborted) log.warn({ error }, 'notices wait to be raised')
    }
    const { gatherMs, gatherTimes, everyMs } = sweepLimits
    const pauseMs = Math.min(everyMs, Math.max(gatherMs, gatherTimes * (clock.monotonic() - begunMs)))
    await changed
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined)
  }
}

/** Raises what is due and was not raised; answers with all that is due now. */
async function raiseDue(
  { control, clock }: Surroundings,
  notices: Notices,
  raised: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  await control.fresh()
  const { policy } = control
  const now = clock.now()
  const due: Notice[] = []
  for (const { id, state } of policy.institutions()) {
    if (state !== 'left') due.push(...noticesOf(policy, id, now))
    // However many there are, others have their turn in between.
    await breathe()
  }
  const open = due.filter(({ id }) => !raised.has(id))
  for (let from = 0; from < open.length; from += sweepLimits.together) {
    await Promise.all(
      open
        .slice(from, from + sweepLimits.together)
        .map(({ id, type, due: occurredat, data }) =>
          notices.raise({ id, type, occurredat, data: { ...data } }, policy.offset),
        ),
    )
  }
  return new Set(due.map(({ id }) => id))
}

async function raisedBefore({ engine: { log } }: Surroundings): Promise<ReadonlySet<string>> {
  const ids = new Set<string>()
  const [bounds] = await log.bounds(noticesPartition.topic)
  const { pageMessages: messages, pageBytes: bytes } = sweepLimits
  for (let offset = bounds?.first ?? 0; offset < (bounds?.next ?? 0);) {
    const page = await log.read({ ...noticesPartition, offset }, { messages, bytes, waitMs: 0 })
    for (const message of page.messages) ids.add(readNotice(message)?.id ?? '')
    if (page.next === offset) break
    offset = page.next
  }
  return ids
}

/** Never what is not published yet. */
async function forgetOld({ engine, clock }: Surroundings): Promise<void> {
  const { topic, partition } = noticesPartition
  const [bounds] = await engine.log.bounds(topic, new Date(clock.now().getTime() - keptMs))
  const published = await engine.views.checkpoint(`${noticesFollower}/${topic}/${partition}`)
  const before = Math.min(bounds?.atTime ?? 0, published)
  if (before > (bounds?.first ?? 0)) await engine.log.trim(noticesPartition, before)
}

/** Resolves when policy changes, or when it is time to look at the clock. */
async function nextChange({ control }: Surroundings, signal: AbortSignal): Promise<void> {
  const changed = new AbortController()
  const until = AbortSignal.any([changed.signal, signal])
  control.onChange(() => changed.abort(), until)
  await sleep(sweepLimits.everyMs, undefined, { signal: until }).catch(() => undefined)
  changed.abort()
}
