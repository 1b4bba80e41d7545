import { type LocalRedis, startRedis } from '@unavez/infra'
import { describe, expect, test } from '@jest/globals'

import { type Environment, onKafka, openBus } from '../setup/bus.ts'
import { linkContract, linkOf } from '../setup/identity.ts'
import { birthOf, birthWorld } from '../setup/world.ts'
import { type Member, startedAs, startMember } from './member.ts'

interface Place {
  readonly environment: Environment
  /** Loses all that may be lost. */
  readonly forget: () => Promise<void>
  readonly close: () => Promise<void>
}

const places: readonly (readonly [name: string, open: () => Promise<Place>])[] = [
  ['embedded', () => Promise.resolve({ environment: { ENGINE: 'embedded' }, forget: nothing, close: nothing })],
  ...(process.env['KAFKA_BROKERS'] === undefined ? [] : [['kafka, Redis flushed', onKafkaWithRedis] as const]),
]

const nothing = (): Promise<void> => Promise.resolve()

async function onKafkaWithRedis(): Promise<Place> {
  const redis: LocalRedis = await startRedis()
  return {
    environment: { ...onKafka(), REDIS_URL: redis.url },
    forget: () => redis.flush(),
    close: () => redis.stop(),
  }
}

describe.each(places)('A bus that is killed after identifiers were linked (%s)', (_name, openPlace) => {
  test('P3: it goes on under the first root, with what it accepted before as it was, and the link can still be taken back', async () => {
    const place = await openPlace()
    const members: Member[] = []
    const bus = await openBus({ ...place.environment, LOG_LEVEL: 'warn' }, async (environment) => {
      members.push(await startMember(environment))
      return startedAs(members)
    })
    try {
      const world = await birthWorld(bus)
      await world.contract(world.te, linkContract)
      const [old, renewed] = ['E-8-3001', 'N-20-3001'] as const
      await world.te.publish(birthOf('one', old))
      await world.te.publish(linkOf('link', { person: renewed, other: old, kind: 'replaced' }))
      const two = await world.te.publish(birthOf('two', renewed))
      await members[0]?.kill()
      await place.forget()
      await members[0]?.start()
      await world.te.publish(birthOf('three', renewed))
      expect(await world.te.publish(birthOf('two', renewed))).toEqual({ ...two, alreadyAccepted: true })
      const over = { changetype: 'annulled', previouseventid: 'link' }
      await world.te.publish(linkOf('over', { person: renewed, other: old, kind: 'replaced' }, over))
      await world.te.publish(birthOf('four', renewed))
      const { events } = await world.css.pull(world.births, { limit: 100 })
      const subjects = new Map(events.map(({ id, subject }) => [id, subject]))
      const order = events.map(({ id }) => id).filter((id) => id !== 'four')
      expect(order).toEqual(['one', 'two', 'three'])
      expect(order.map((id) => subjects.get(id))).toEqual(order.map(() => subjects.get('one')))
      expect(subjects.get('four')).not.toBe(subjects.get('one'))
    } finally {
      await bus.close()
      await place.close()
    }
  }, 300_000)
})
