import { birthWorld } from '../setup/world.ts'
import { type Behind, load } from './load.ts'
import { rounds, table, type Variant } from './rounds.ts'
import { onStores, type Running, startBareKafka, startBareSqlite, startBus, type Stores } from './servers.ts'

const single = 'application/cloudevents+json'
const batch = 'application/cloudevents-batch+json'
const timing = { warmMs: 700, runMs: 3000 }

const publishing = (size: number, authorization: string) => ({
  path: '/v1/events',
  headers: { authorization, 'content-type': size === 1 ? single : batch },
  connections: size === 1 ? 256 : 16,
  batch: size,
  ...timing,
})

const variant = (name: string, behind: Behind, { size, token }: { size: number; token: string }): Variant => ({
  name,
  round: () => load(behind, publishing(size, `Bearer ${token}`)),
})

/** The bus beside a bare route on the same store, one event per request; `sizes`: and batches beside single events. */
async function publish(what: 'single' | 'batches', stores?: Stores): Promise<string> {
  const bare: Running = stores === undefined ? await startBareSqlite() : await startBareKafka(stores)
  const { bus, behind } = await startBus(stores)
  try {
    const token = await (await birthWorld(bus)).te.token()
    const variants =
      what === 'single'
        ? [variant('bare route', bare, { size: 1, token }), variant('bus', behind, { size: 1, token })]
        : [variant('one by one', behind, { size: 1, token }), variant('batches of 100', behind, { size: 100, token })]
    return table(await rounds(variants, 5))
  } finally {
    await bus.close()
    await bare.close()
  }
}

/** Requests on a fixed schedule: how long an event takes at a rate that is not the most. */
async function onSchedule(stores?: Stores): Promise<string> {
  const bare: Running = stores === undefined ? await startBareSqlite() : await startBareKafka(stores)
  const { bus, behind } = await startBus(stores)
  try {
    const token = await (await birthWorld(bus)).te.token()
    const tables: string[] = []
    for (const perSecond of [2000, 4000, 6000]) {
      const at = (name: string, on: Behind): Variant => ({
        name: `${name}, ${perSecond} per s`,
        round: () => load(on, { ...publishing(1, `Bearer ${token}`), perSecond }),
      })
      tables.push(table(await rounds([at('bare route', bare), at('bus', behind)], 3)))
    }
    return tables.join('\n')
  } finally {
    await bus.close()
    await bare.close()
  }
}

export const scheduleEmbedded = (): Promise<string> => onSchedule()
export const scheduleKafka = (brokers: 1 | 3): Promise<string> => onStores(brokers, onSchedule)
export const publishEmbedded = (): Promise<string> => publish('single')
export const batchesEmbedded = (): Promise<string> => publish('batches')
export const publishKafka = (brokers: 1 | 3): Promise<string> =>
  onStores(brokers, (stores) => publish('single', stores))
export const batchesKafka = (): Promise<string> => onStores(1, (stores) => publish('batches', stores))
