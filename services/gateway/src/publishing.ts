import { randomUUID } from 'node:crypto'

import { MacKey } from '@unavez/contracts'
import { type AcceptedEvent, apiLimits } from '@unavez/protocol'
import { type Call, follow, type Reply, type Surroundings } from '@unavez/service-kit'

import { publishBatch } from './batch.ts'
import { CompiledContracts } from './compiled-contract.ts'
import { contentTypes, pointingAtHeaders, readOffered, typeOffered } from './content-mode.ts'
import { deprecationOf } from './deprecation.ts'
import { IdsIndex } from './ids-index.ts'
import { Intake } from './intake.ts'
import { Links } from './links.ts'
import { publishNotices } from './notices.ts'
import { Offering } from './offering.ts'
import { publishLimits } from './publish-limits.ts'
import { Publisher } from './publisher.ts'
import { Quota } from './quota.ts'
import { RecentEvents } from './recent-events.ts'
import { Salts } from './salts.ts'
import { Speakers } from './speaker.ts'

/** `POST /v1/events`, and the views that it stands on. */
export async function startPublishing(surroundings: Surroundings): Promise<void> {
  const { http, log } = surroundings
  const { policy } = surroundings.control
  const { offering, intake } = open(surroundings)
  await publishNotices(surroundings, offering)

  http.route({
    method: 'POST',
    url: '/v1/events',
    owner: 'gateway',
    summary: 'Publishes an event, or a batch of them',
    access: {
      action: 'publish',
      on: ({ actor, headers, body }) => offering.target(actor.institution, { type: typeOffered(headers, body) }),
    },
    consumes: Object.values(contentTypes),
    bodyLimit: apiLimits.batchBytes,
    handle: (call) => {
      const { mode, items } = readOffered(call)
      return intake.admit(call.actor.institution, items.length, () => {
        if (mode === 'batch') return many(call, items)
        const publish = (): Promise<AcceptedEvent> => one(call, items[0])
        return (mode === 'binary' ? pointingAtHeaders(publish) : publish()).then((accepted) => ({
          ...created(accepted),
          ...deprecationOf(policy, items),
        }))
      })
    },
  })

  async function many(call: Call, items: readonly unknown[]): Promise<Reply> {
    return { ...deprecationOf(policy, items), body: await publishBatch(call, items, { offering, log }) }
  }

  function one(call: Call, item: unknown): Promise<AcceptedEvent> {
    const ready = offering.ready(offering.offer(call, item))
    return ready instanceof Promise ? ready.then((candidate) => offering.publish(candidate)) : offering.publish(ready)
  }
}

const created = (accepted: AcceptedEvent): Reply => ({ status: accepted.alreadyAccepted ? 200 : 201, body: accepted })

function open(surroundings: Surroundings): { offering: Offering; intake: Intake } {
  const { engine, control, keys, clock, log, settings, closing } = surroundings
  const { policy } = control
  const topics = async (): Promise<readonly string[]> => {
    await control.fresh()
    return policy.domains().map((domain) => `events.${domain}`)
  }
  const recent = new RecentEvents(publishLimits.recentEvents)
  const index = new IdsIndex({ engine, clock, log, closing, recent, follow, topics })
  surroundings.onClose(() => index.close())
  surroundings.onReady('gateway', () => index.missing())
  control.onChange(() => index.expect(policy.domains().length), closing)
  const publisher = new Publisher({
    log: engine.log,
    views: engine.views,
    volatile: engine.volatile,
    ids: index,
    recent,
    clock,
    closing,
    instance: randomUUID(),
    appendBudgetMs: settings.appendBudgetMs,
  })
  const perSecond = settings.publishQuotaPerSecond ?? publishLimits.quotaPerSecond
  const quota = new Quota({ volatile: engine.volatile, clock, perSecond, step: perSecond / publishLimits.quotaSteps })
  const making = {
    contracts: new CompiledContracts(settings.publicUrl),
    rootKey: new MacKey(keys.of('root-pseudonym')),
    salts: new Salts(),
    policy,
  }
  const links = new Links(surroundings)
  const offering = new Offering({ ...making, speakers: new Speakers(), index, publisher, links })
  return { offering, intake: new Intake(quota, settings.publishInFlight ?? publishLimits.eventsInFlight) }
}
