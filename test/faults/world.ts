import { Client } from '@unavez/sdk'

import { type Bus, newKey } from '../setup/bus.ts'
import { birthWorld } from '../setup/world.ts'

/** Soon tired of one instance, so that the next one is asked. */
const retry = { budgetMs: 300, firstMs: 50, mostMs: 200 }

/** The world of births, with its publisher and its consumer once per instance of the bus. */
export async function faultWorld(bus: Bus) {
  const world = await birthWorld(bus)
  const atEach = async (institution: string, id: string, roles: readonly string[]): Promise<readonly Client[]> => {
    const { privateJwk: key, publicJwk } = newKey()
    await bus.operator.post(`/v1/institutions/${institution}/systems`, {
      id,
      name: id,
      roles,
      jwks: { keys: [publicJwk] },
    })
    const source = `urn:unavez:pa:${institution}:${id}`
    return bus.processes.map((url) => new Client({ url, clientId: `${institution}.${id}`, key, source, retry }))
  }
  const publishers = await atEach('te', 'oficinas', ['publisher'])
  const consumers = await atEach('css', 'lector', ['consumer'])
  return { ...world, publishers, consumers }
}
