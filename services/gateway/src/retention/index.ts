import { setTimeout as sleep } from 'node:timers/promises'

import { disclosuresTopic, type Pages } from '@unavez/exchange'
import type { SubscriptionLagging } from '@unavez/schemas'
import { isWanted, type Notice, openNotices, type Surroundings } from '@unavez/service-kit'
import { Counter } from 'prom-client'

import { retentionLimits } from './limits.ts'
import { type Pinned, Retention } from './retention.ts'

const group = 'retention'

/**
 * Keeps every domain's topic to its retention. Whoever owns a partition of `disclosures` looks after the partition of that number
 * of all domains: they have the same ones, and domains may come without anybody having to share them out anew.
 */
export function keepToRetention(surroundings: Surroundings, pages: Pages): void {
  const { engine, log, closing } = surroundings
  const retention = new Retention({ surroundings, pages, ...telling(surroundings) })
  const owning = engine.log.own(group, [disclosuresTopic], async ({ partition }, owned) => {
    const signal = AbortSignal.any([owned, closing])
    while (!signal.aborted) {
      await retention.look(partition).catch((error: unknown) => {
        if (!signal.aborted) log.warn({ error, partition }, 'retention could not be looked at')
      })
      await sleep(retentionLimits.everyMs, undefined, { signal }).catch(() => undefined)
    }
  })
  owning.catch((error: unknown) =>
    log.error({ error }, 'nothing is forgotten: the group of retention can not be joined'),
  )
  surroundings.onClose(async () => (await owning).close())
}

function telling(surroundings: Surroundings) {
  const { log, metrics } = surroundings
  const trimmed = new Counter({
    name: 'unavez_retention_trimmed_records_total',
    help: 'Records that were forgotten when their retention was over.',
    labelNames: ['topic'],
    registers: [metrics],
  })
  const pinning = new Counter({
    name: 'unavez_retention_pinned_looks_total',
    help: 'Looks that found events kept beyond their retention for a subscription that does not take them.',
    labelNames: ['topic'],
    registers: [metrics],
  })
  const warned = new Map<string, string>()
  return {
    onTrimmed: (topic: string, records: number): void => {
      trimmed.inc({ topic }, records)
      log.info({ topic, records }, 'forgotten: their retention is over')
    },
    /** Each look counts; a line is written once for each end that is told of. */
    onPinned: ({ subscription: { id, consumer }, topic, since, endsAt }: Pinned): void => {
      pinning.inc({ topic })
      const end = endsAt.toISOString().slice(0, 'YYYY-MM-DD'.length)
      if (warned.get(id) === end) return
      warned.set(id, end)
      void warnConsumer(surroundings, { institution: consumer, subscription: id, endsAt: `${end}T00:00:00.000Z` })
      log.warn(
        { subscription: id, consumer, topic, since, endsAt },
        'a subscription keeps events beyond their retention',
      )
    },
    onEnded: (subscription: string): void => {
      warned.delete(subscription)
      log.warn({ subscription }, 'a subscription was ended: what was due to it outlived retention and grace')
    },
  }
}

/** One notice for each day that is told of; what can't be raised now is raised by another look, which counts it too. */
async function warnConsumer({ engine, control, log }: Surroundings, data: SubscriptionLagging): Promise<void> {
  const { subscription, endsAt } = data
  const id = `ntc_${subscription}_lagging_${endsAt.slice(0, 'YYYY-MM-DD'.length)}`
  const notice: Notice = { type: 'unavez.bus.subscription-lagging.v1', id, occurredat: endsAt, data: { ...data } }
  if (!isWanted(control.policy, notice)) return
  const notices = await openNotices(engine)
  await notices
    .raise(notice, control.policy.offset)
    .catch((error: unknown) => log.warn({ error, subscription }, 'a notice could not be raised'))
}
