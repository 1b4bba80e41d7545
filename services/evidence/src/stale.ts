import type { Message, ViewChange } from '@unavez/engine'
import { headerText } from '@unavez/exchange'
import type { Policy } from '@unavez/policy'
import { follow, type Following, isWanted, type Notices, type Surroundings } from '@unavez/service-kit'

import { staleNotice } from './notices.ts'
import { type HeldRow, heldList, readRow, rowValue, staleKey, type StaleRow } from './views.ts'

const heldMost = 1000

/**
 * Follows the events that make evidence stale: whoever holds an answer about their subject is told, and sees it on the request. What
 * was supplied after the event knew of it.
 */
export async function followStale(surroundings: Surroundings, notices: Notices): Promise<void> {
  const { engine, control, log, closing } = surroundings
  let following: { readonly topics: string; readonly follower: Following } | undefined
  let work: Promise<void> = Promise.resolve()

  async function refollow(): Promise<void> {
    const topics = topicsOf(control.policy)
    if (closing.aborted || topics.join(' ') === (following?.topics ?? '')) return
    await following?.follower.close()
    following = undefined
    const follower = await follow({
      engine,
      name: 'evidence-stale',
      topics,
      fold: (messages) => foldStale(surroundings, notices, messages),
      onError: (error, { topic, partition }) => log.warn({ error, topic, partition }, 'stale evidence is not told of'),
    })
    following = { topics: topics.join(' '), follower }
  }
  const next = (): void => {
    work = work.then(refollow).catch((error: unknown) => log.warn({ error }, 'stale evidence is not followed'))
  }
  next()
  control.onChange(next, closing)
  surroundings.onClose(async () => {
    await work
    await following?.follower.close()
  })
}

/** Topics of the domains whose events make some evidence stale; one that no contract of events has opened yet has no topic. */
function topicsOf(policy: Policy): readonly string[] {
  const types = policy.contracts().flatMap(({ evidence }) => evidence?.staleOn ?? [])
  const domains = types
    .map((type) => policy.contract(type))
    .filter((contract) => contract?.versions[0]?.state === 'published')
  return [...new Set(domains.map((contract) => `events.${contract?.domain ?? ''}`))].toSorted()
}

async function foldStale(
  { engine, control }: Surroundings,
  notices: Notices,
  messages: readonly Message[],
): Promise<readonly ViewChange[]> {
  const { policy } = control
  const changes: ViewChange[] = []
  for (const { headers, appendedAt } of messages) {
    const type = headerText(headers, 'type')
    const stale = policy.contracts().filter(({ evidence }) => evidence?.staleOn.includes(type))
    if (stale.length === 0) continue
    const event = { id: headerText(headers, 'id'), type, at: appendedAt }
    const rows = await engine.views.list(heldList(headerText(headers, 'subject')), { limit: heldMost })
    for (const held of rows.map(({ value }) => readRow<HeldRow>(value))) {
      if (!stale.some((contract) => contract.type === held.evidenceType) || !isStanding(held, appendedAt)) continue
      const row: StaleRow = { event: event.id, type, since: appendedAt.toISOString() }
      changes.push({ ...staleKey(held.request), value: rowValue(row) })
      const notice = staleNotice(held, event)
      if (isWanted(policy, notice)) await notices.raise(notice, policy.offset)
    }
  }
  return changes
}

const isStanding = ({ suppliedAt, validUntil }: HeldRow, at: Date): boolean =>
  Date.parse(suppliedAt) < at.getTime() && (validUntil === undefined || Date.parse(validUntil) > at.getTime())
