import { fork } from 'node:child_process'

import { birthType, birthWorld, openWorld } from '../setup/world.ts'
import { cpuOf } from './cpu.ts'
import type { Drained, DrainJob } from './job.ts'
import { offerOf } from './job.ts'
import type { Behind } from './load.ts'
import { rounds, type Sample, table, type Variant } from './rounds.ts'
import { startBareSqlite, startBus, type Stores } from './servers.ts'

const events = 40_000

/** Fills a server with events, in batches, from this process. */
async function fill(url: string, token: string): Promise<void> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/cloudevents-batch+json' }
  let sent = 0
  const one = async (): Promise<void> => {
    while (sent < events) {
      const body = `[${Array.from({ length: 200 }, () => offerOf('fill', sent++)).join(',')}]`
      const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body })
      if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`)
      await answer.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: 8 }, one))
}

async function drain(behind: Behind, job: Omit<DrainJob, 'url' | 'events'>): Promise<Sample> {
  const consumer = fork(new URL('drain.ts', import.meta.url), { stdio: 'inherit' })
  const before = { server: cpuOf(behind.server), stores: cpuOf(behind.stores) }
  const done = await new Promise<Drained>((resolve, reject) => {
    consumer.once('message', resolve)
    consumer.once('exit', () => reject(new Error('the consumer ended early')))
    consumer.send({ ...job, url: behind.url, events: events - 1000 } satisfies DrainJob)
  })
  const micros = (after: number, from: number): number => ((after - from) * 1e6) / done.events
  return {
    'events/s': done.events / done.seconds,
    'bytes/event': done.bytes / done.events,
    'server CPU µs': micros(cpuOf(behind.server), before.server),
    ...(behind.stores.length === 0 ? {} : { 'stores CPU µs': micros(cpuOf(behind.stores), before.stores) }),
  }
}

/** One consumer reads a backlog in pages of 1000, beside a bare route that hands out stored JSON from SQLite. */
export async function drainBacklog(stores?: Stores): Promise<string> {
  const bare = await startBareSqlite()
  const { bus, behind } = await startBus(stores)
  try {
    const world = await birthWorld(bus)
    const fields = ['child', 'birthDate', 'place', 'mother']
    const whole = await world.subscription(
      world.css,
      await openWorld(bus).agreement(world.css, world.te, { contract: birthType, fields }),
    )
    await fill(bare.url, '')
    await fill(bus.url, await world.te.token())
    const authorization = `Bearer ${await world.css.token()}`
    const pulling = (name: string, subscription: string): Variant => ({
      name,
      round: () =>
        drain(behind, { path: `/v1/subscriptions/${subscription}/events?`, headers: { authorization }, after: '' }),
    })
    const yardstick: Variant = {
      name: 'bare route',
      round: () => drain(bare, { path: '/v1/events?', headers: {}, after: '0' }),
    }
    const bothOfTwo = pulling('bus, 2 of 4 fields', world.births)
    return table(await rounds([yardstick, bothOfTwo, pulling('bus, all fields', whole)], 3))
  } finally {
    await bus.close()
    await bare.close()
  }
}
