import { openSharedBus } from '../setup/engines.ts'
import { birthOf, birthWorld } from '../setup/world.ts'
import { aligned, quantile } from './rounds.ts'
import { startBus, type Stores } from './servers.ts'

const times = 40

interface Latencies {
  readonly name: string
  readonly ms: number[]
}

/** A control write on one instance, and when another one acts on it: by asking there without pause. */
export async function controlLatency(stores?: Stores): Promise<string> {
  const { bus } = stores === undefined ? await openSharedBus(2) : await startBus(stores, 2)
  try {
    const world = await birthWorld(bus)
    const { te, css, agreement, births } = world
    await te.publish(birthOf('latency', '8-100-1'))
    const elsewhere = bus.processes[1] ?? bus.url
    const headers = { authorization: `Bearer ${await css.token()}` }
    const pull = async (id: string): Promise<number> => {
      const answer = await fetch(`${elsewhere}/v1/subscriptions/${id}/events?limit=1`, { headers })
      return (await answer.text()).includes('"specversion"') ? 200 : answer.status === 200 ? 204 : answer.status
    }
    const until = async (status: number, id: string): Promise<number> => {
      for (const end = Date.now() + 10_000; Date.now() < end;) if ((await pull(id)) === status) return performance.now()
      throw new Error(`no ${status} within 10 s`)
    }
    const suspended: Latencies = { name: 'suspended here, from its answer to the first refusal there', ms: [] }
    const told: Latencies = { name: 'the same, from its request', ms: [] }
    const resumed: Latencies = { name: 'resumed here, from its answer to the first event there', ms: [] }
    const activated: Latencies = { name: 'new subscription here, from its request to the first event there', ms: [] }
    await until(200, births)
    for (let i = 0; i < times; i++) {
      const asked = performance.now()
      await te.post(`/v1/agreements/${agreement}/suspend`, { reason: 'measured' })
      const answered = performance.now()
      const refused = await until(403, births)
      suspended.ms.push(refused - answered)
      told.ms.push(refused - asked)
      await te.post(`/v1/agreements/${agreement}/resume`, { reason: 'measured', backlog: 'deliver' })
      const again = performance.now()
      resumed.ms.push((await until(200, births)) - again)
      const wished = performance.now()
      const id = await world.subscription(css, agreement)
      activated.ms.push((await until(200, id)) - wished)
    }
    const rows = [suspended, told, resumed, activated].map(({ name, ms }) => [
      name,
      ...[0.5, 0.99].map((share) => quantile(ms, share).toFixed(1)),
      Math.max(...ms).toFixed(1),
    ])
    return aligned([['milliseconds', 'p50', 'p99', 'most'], ...rows])
  } finally {
    await bus.close()
  }
}
