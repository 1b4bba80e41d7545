import type { Message } from '@unavez/engine'
import { EventsById, headerText, idsKey, type Pages, readRow } from '@unavez/exchange'
import { Problem } from '@unavez/protocol'
import type { Surroundings } from '@unavez/service-kit'
import { Type } from 'typebox'

import { EventFates } from './event-fates.ts'

const count = Type.Integer()
const reply = Type.Object({
  id: Type.String(),
  source: Type.String(),
  type: Type.Optional(Type.String()),
  payloadHash: Type.String(),
  acceptedAt: Type.String(),
  position: Type.String(),
  traceId: Type.String(),
  subscriptions: Type.Optional(
    Type.Object({
      delivered: Type.Integer({ description: 'Pushed and accepted, or behind what its consumer has committed' }),
      waiting: Type.Integer({ description: 'Not reached yet; those that are paused or suspended too' }),
      held: Type.Integer({ description: 'Of pushes: its delivery failed and waits, or it waits behind one that did' }),
      behind: Type.Integer({ description: 'Of those held: they wait behind an earlier event of the same subject' }),
      skipped: Type.Integer({ description: 'Of pushes: its consumer has let it go undelivered' }),
      acknowledged: Type.Integer({ description: 'Their consumer has said what it did with it' }),
      effects: Type.Object({ applied: count, rejected: count, 'not-relevant': count }),
    }),
  ),
})

/** For its publisher: where an event stands, and how many have it. Whose they are is not told. */
export function publishedEventRoute(surroundings: Surroundings, pages: Pages): void {
  const { http, engine, control } = surroundings
  const fates = new EventFates(surroundings, pages)
  http.route({
    method: 'GET',
    url: '/v1/events/:id',
    owner: 'gateway',
    summary: 'An event of the institution’s own: its place, and how many subscriptions have it',
    access: { action: 'speak', on: () => ({ kind: 'bus' }) },
    params: Type.Object({ id: Type.String({ maxLength: 256 }) }),
    replies: { 200: reply },
    async handle({ actor, params: { id } }) {
      const key = { institution: actor.institution, id }
      const message = await found(key)
      const value = await engine.views.get(idsKey(key))
      if (value === undefined) throw new Problem('not-found')
      const { source, hash: payloadHash, acceptedAt, position, traceId } = readRow(value)
      const base = { id, source, payloadHash, acceptedAt, position, traceId }
      // Past its retention, the row tells what there was.
      if (message === undefined) return { body: base }
      const type = headerText(message.headers, 'type')
      return { body: { ...base, type, subscriptions: await fates.countsOf(message, type) } }
    },
  })

  /** Its row does not say in which domain it is. */
  async function found(key: { readonly institution: string; readonly id: string }): Promise<Message | undefined> {
    for (const domain of control.policy.domains()) {
      const message = await new EventsById(engine, `events.${domain}`).find(key)
      if (message !== undefined) return message
    }
    return undefined
  }
}
