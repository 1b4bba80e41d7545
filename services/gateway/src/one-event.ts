import { EventsById, institutionOf, type Pages, topicOf } from '@unavez/exchange'
import { Problem } from '@unavez/protocol'
import type { AccessRequest, Surroundings } from '@unavez/service-kit'
import { Type } from 'typebox'

import { callRecipient } from './call-recipient.ts'

/** Bytes of records in a page of one event: the first always fits. */
const pageBytes = 1

/** One event once more, by its id: shown under today's terms, and recorded as a disclosure of its own. */
export function oneEventRoute(surroundings: Surroundings, pages: Pages): void {
  const { http, engine, control } = surroundings
  http.route({
    method: 'GET',
    url: '/v1/subscriptions/:subscription/events/:event',
    owner: 'gateway',
    summary: 'One event again, by its id; recorded as another disclosure',
    access: {
      action: 'receive',
      on: ({ params: { subscription = '' } }: AccessRequest) => ({ kind: 'subscription', id: subscription }),
    },
    params: Type.Object({ subscription: Type.String({ maxLength: 64 }), event: Type.String({ maxLength: 256 }) }),
    query: Type.Object({
      source: Type.Optional(
        Type.String({ maxLength: 256, description: 'Where another than the contract’s owner published it' }),
      ),
    }),
    async handle(call) {
      const { subscription: id, event } = call.params
      const { policy } = control
      const subscription = policy.subscription(id)
      const agreement = policy.agreement(subscription?.agreement ?? '')
      if (subscription === undefined || agreement === undefined) throw new Problem('not-found')
      const { source } = call.query
      const institution = source === undefined ? agreement.owner : institutionOf(source)
      const message = await new EventsById(engine, topicOf(policy, agreement.id)).find({ institution, id: event })
      if (message === undefined || !(await pages.isTheirs(id, message, 'due'))) throw new Problem('not-found')
      const { partition, offset } = message
      const wish = {
        recipient: callRecipient(surroundings, call, id),
        epoch: subscription.epoch,
        limit: 1,
        bytes: pageBytes,
        until: 0,
      }
      const page = await pages.next({ ...wish, from: [{ partition, offset }] })
      const [shown] = page.ranges[0]?.shown ?? []
      if (shown?.id !== event) throw new Problem('not-found')
      return { headers: { 'content-type': 'application/cloudevents+json' }, body: shown.json }
    },
  })
}
