import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

import type { Bus } from '../setup/bus.ts'
import { onLoopback, pushWorld, until } from '../setup/push-world.ts'
import { birthOf } from '../setup/world.ts'
import { cpuOf } from './cpu.ts'
import type { Behind } from './load.ts'
import { Receiver } from './receiver.ts'
import { aligned, quantile } from './rounds.ts'
import { startBus, type Stores } from './servers.ts'

const shape = {
  /** Events per second, and for how many seconds. */
  rates: [100, 1000],
  seconds: 10,
  /** Receivers of which one is dead, and the rate of what all of them get. */
  receivers: 20,
  sharedRate: 20,
  idle: 1000,
  activations: 20,
  /** For how long what is published may be on its way. Milliseconds. */
  patienceMs: 120_000,
} as const

interface Stage {
  readonly bus: Bus
  readonly behind: Behind
  readonly world: Awaited<ReturnType<typeof pushWorld>>
  readonly receiver: Receiver
}

/** From the moment an event was to be published until it stands before its receiver; what a dead one does to others; what idle ones cost. */
export async function pushArrival(stores?: Stores): Promise<string> {
  const { bus, behind } = await startBus(stores, 1, onLoopback)
  const receiver = await new Receiver().open()
  try {
    const stage = { bus, behind, receiver, world: await pushWorld(bus) }
    const tables = [await arrivals(stage), await oneDead(stage), await activation(stage), await idle(stage)]
    return tables.join('\n\n')
  } finally {
    await receiver.close()
    await bus.close()
  }
}

const milliseconds = (values: readonly number[]): readonly string[] =>
  [0.5, 0.99, 1].map((share) => quantile(values, share).toFixed(1))

async function arrivals({ world, receiver }: Stage): Promise<string> {
  const subscription = await world.pushed(receiver.url('/arrival'))
  const rows: string[][] = []
  for (const rate of shape.rates) {
    const due = await publish(world, `rate${rate}`, rate)
    rows.push([`${rate}/s`, ...milliseconds(await latencies(receiver, '/arrival', due))])
  }
  await world.css.delete(`/v1/subscriptions/${subscription}`)
  return aligned([['published → received, ms', 'p50', 'p99', 'most'], ...rows])
}

/** The same load twice: with all alive, and with one that nobody listens for. */
async function oneDead({ world, receiver }: Stage): Promise<string> {
  const alive = Array.from({ length: shape.receivers - 1 }, (_, i) => `/alive${i}`)
  const dying = await new Receiver().open()
  const subscriptions = await Promise.all(
    [...alive.map((path) => receiver.url(path)), dying.url('/dying')].map((url) => world.pushed(url)),
  )
  const of = async (name: string): Promise<number[]> => {
    const due = await publish(world, name, shape.sharedRate)
    return (await Promise.all(alive.map((path) => latencies(receiver, path, due)))).flat()
  }
  const before = await of('alive')
  await dying.close()
  const after = await of('dead')
  await Promise.all(subscriptions.map((id) => world.css.delete(`/v1/subscriptions/${id}`)))
  const ratio = quantile(after, 0.99) / quantile(before, 0.99)
  return aligned([
    [`${shape.receivers} receivers, ${shape.sharedRate}/s to each, ms`, 'p50', 'p99', 'most'],
    ['all alive', ...milliseconds(before)],
    ['one dead: the others', ...milliseconds(after)],
    ['ratio of the p99', '', ratio.toFixed(2), ''],
  ])
}

/** From the request that makes a subscription until what waited for it has come. */
async function activation({ world, receiver }: Stage): Promise<string> {
  const taken: number[] = []
  for (let i = 0; i < shape.activations; i += 1) {
    const path = `/new${i}`
    const from = performance.now()
    const subscription = await world.pushed(receiver.url(path), { start: 'earliest' })
    const first = (): number | undefined => [...receiver.came].find(([key]) => key.startsWith(`${path} `))?.[1]
    await until(() => first() !== undefined, 'the first event comes', shape.patienceMs)
    taken.push((first() ?? NaN) - from)
    await world.css.delete(`/v1/subscriptions/${subscription}`)
  }
  return aligned([
    ['new subscription → first event, ms', 'p50', 'p99', 'most'],
    ['handshake included', ...milliseconds(taken)],
  ])
}

async function idle({ behind, world, receiver }: Stage): Promise<string> {
  const before = await atRest(behind)
  for (let i = 0; i < shape.idle; i += 20)
    await Promise.all(Array.from({ length: 20 }, (_, j) => world.pushed(receiver.url(`/idle${i + j}`))))
  const after = await atRest(behind)
  return aligned([
    ['', 'MB', 'CPU %'],
    ['at rest', before.megabytes.toFixed(0), before.cpu.toFixed(1)],
    [`with ${shape.idle} more subscriptions`, after.megabytes.toFixed(0), after.cpu.toFixed(1)],
  ])
}

/** Memory and idle CPU of the bus, once it has calmed down. */
async function atRest({ server }: Behind): Promise<{ megabytes: number; cpu: number }> {
  await wait(3_000)
  const from = cpuOf(server)
  await wait(10_000)
  const cpu = (cpuOf(server) - from) * 10
  const megabytes = server.reduce((sum, pid) => sum + residentOf(pid), 0)
  return { megabytes, cpu }
}

const residentOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

/** On a fixed schedule; when each was to be sent. */
async function publish({ te }: Stage['world'], name: string, rate: number): Promise<ReadonlyMap<string, number>> {
  const due = new Map<string, number>()
  const sent: Promise<unknown>[] = []
  const from = performance.now()
  for (let i = 0; i < rate * shape.seconds; i += 1) {
    const at = from + (i * 1000) / rate
    const early = at - performance.now()
    if (early > 1) await wait(early)
    const id = `${name}x${i}`
    due.set(id, at)
    sent.push(te.publish(birthOf(id, `8-${(i % 900) + 1}-${(i % 5000) + 1}`)))
  }
  await Promise.all(sent)
  return due
}

async function latencies(receiver: Receiver, path: string, due: ReadonlyMap<string, number>): Promise<number[]> {
  const all = (): boolean => [...due.keys()].every((id) => receiver.came.has(`${path} ${id}`))
  await until(all, 'everything comes', shape.patienceMs)
  return [...due].map(([id, at]) => (receiver.came.get(`${path} ${id}`) ?? NaN) - at)
}
