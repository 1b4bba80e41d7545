import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import type { PartitionId } from '@unavez/engine'
import { operator } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import type { Surroundings } from '@unavez/service-kit'

import type { Evidence } from './evidence.ts'
import { evidenceTopic } from './record.ts'
import { dueList } from './views.ts'

const bounds = {
  /** How often an owner looks what is due: a deadline fires within a second. */
  lookMs: 400,
  batch: 200,
} as const

/**
 * The clock's part: a partition's owner ends what is over and destroys the keys of what nobody may read any more. What is due stands
 * in a view, so a restart forgets nothing; two owners at once do the same thing twice, and the second finds it done.
 */
export async function keepDeadlines(surroundings: Surroundings, evidence: Evidence): Promise<void> {
  const { engine, log } = surroundings
  const owning = await engine.log.own('evidence-due', [evidenceTopic], async (partition, signal) => {
    while (!signal.aborted) {
      await fireDue({ surroundings, evidence, signal }, partition).catch((error: unknown) => {
        log.warn(
          { partition: partition.partition, reason: error instanceof Error ? error.message : '' },
          'deadlines wait',
        )
      })
      await sleep(bounds.lookMs, undefined, { signal }).catch(() => undefined)
    }
  })
  surroundings.onClose(() => owning.close())
}

interface Firing {
  readonly surroundings: Surroundings
  readonly evidence: Evidence
  readonly signal: AbortSignal
}

async function fireDue({ surroundings, evidence, signal }: Firing, { partition }: PartitionId): Promise<void> {
  const { engine, clock, log } = surroundings
  while (!signal.aborted) {
    const now = clock.now().toISOString()
    const rows = await engine.views.list(dueList(partition), { limit: bounds.batch })
    const due = rows.filter(({ sort }) => sort.slice(0, sort.indexOf(' ')) <= now)
    for (const { sort, value } of due) {
      if (signal.aborted) return
      const request = sort.slice(sort.indexOf(' ') + 1)
      const done = value.toString() === '"destroy"' ? destroy(evidence, request) : asBus(evidence, request, 'expire')
      // One that can't be ended now, or not by this code, keeps no other one waiting; it is looked at again.
      await done.catch((error: unknown) => {
        log.warn({ request, reason: error instanceof Error ? error.message : '' }, 'a request could not be ended')
      })
    }
    if (due.length < bounds.batch) return
    // Rows of what was just done are still there until the view has passed it.
    await sleep(bounds.lookMs, undefined, { signal }).catch(() => undefined)
  }
}

/** The register first: a crash between the two leaves the row, and so the work. */
export async function destroy(evidence: Evidence, id: string): Promise<void> {
  await evidence.sealing.destroy(id)
  await asBus(evidence, id, 'destroy')
}

const bus = { institution: operator.id, system: 'clock' }

async function asBus({ requests }: Evidence, id: string, what: 'expire' | 'destroy'): Promise<void> {
  const command = { id: `clock/${what}/${id}`, hash: '' }
  const traceparent = `00-${randomUUID().replaceAll('-', '')}-${randomUUID().replaceAll('-', '').slice(0, 16)}-01`
  await requests.decide({ id, command, by: bus, traceparent, what: { do: what } }).catch((error: unknown) => {
    // Whoever was faster has changed it, or it is already as it should be.
    if (!(error instanceof Problem && (error.code === 'state-conflict' || error.code === 'not-found'))) throw error
  })
}
