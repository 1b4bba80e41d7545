import type { Message } from '@unavez/engine'
import { authorize, bus, theBus } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import {
  follow,
  noticesFollower,
  noticesPartition,
  openNotices,
  type RaisedNotice,
  readNotice,
} from '@unavez/service-kit'
import type { Surroundings } from '@unavez/service-kit'

import type { Offer } from './offer.ts'
import type { Offering } from './offering.ts'
import { Speakers } from './speaker.ts'

/**
 * Publishes what the services raise, in the order in which they did, as the bus's own events: by the protocol that any publisher goes
 * through, so that what is raised or read again is one event. It goes on only behind what was published.
 */
export async function publishNotices(surroundings: Surroundings, offering: Offering): Promise<void> {
  const { engine, log } = surroundings
  const offerOf = openOffers(surroundings)
  await openNotices(engine)

  async function publish(message: Message): Promise<void> {
    const notice = readNotice(message)
    try {
      if (notice === undefined) throw new Problem('event-invalid')
      await offering.publish(await offering.ready(await offerOf(notice)))
    } catch (error) {
      if (!isForGood(error)) throw error
      log.error({ error, offset: message.offset, id: notice?.id }, 'a notice can not be published, now or later')
    }
  }

  const following = await follow({
    engine,
    name: noticesFollower,
    topics: [noticesPartition.topic],
    fold: async (messages) => {
      for (const message of messages) await publish(message)
      return []
    },
    onError: (error) => log.warn({ error }, 'notices wait to be published'),
  })
  surroundings.onClose(() => following.close())
}

/** A fault of the notice itself; anything else passes. */
const isForGood = (error: unknown): boolean => error instanceof Problem && error.status < 500

/** Rejects until this replica knows the notice's contract. */
function openOffers({ control, clock }: Surroundings): (notice: RaisedNotice) => Promise<Offer> {
  const actor = theBus('notices')
  const speaker = new Speakers().of(actor, bus)
  const { policy } = control
  return async ({ type, id, occurredat, data, causedby, raisedAt, traceparent }) => {
    await control.fresh()
    const contract = policy.contract(type)
    const on = { kind: 'contract', id: type } as const
    const decision = authorize(policy, { action: 'publish', actor, on }, clock.now())
    if (contract === undefined || !decision.allowed) throw new Error(`the bus can't publish ${type} yet`)
    return {
      envelope: {
        id,
        source: speaker.source,
        type,
        time: raisedAt.toISOString(),
        occurredat,
        changetype: 'created',
        previouseventid: undefined,
        dataschema: undefined,
        traceparent,
        causedby,
        late: false,
        data,
        avro: undefined,
      },
      speaker,
      contract,
      controlOffset: decision.controlOffset,
      traceparent,
    }
  }
}
