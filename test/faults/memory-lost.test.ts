import { setTimeout as pause } from 'node:timers/promises'

import { type LocalRedis, startRedis } from '@unavez/infra'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { ask, problemIn } from '../setup/ask.ts'
import { type Bus, type Environment, newKey } from '../setup/bus.ts'
import { assertionOf, exchanged } from '../setup/by-hand.ts'
import { openPairOnKafka, openSharedBus } from '../setup/engines.ts'
import { openPeople, type People } from '../setup/people.ts'
import { Session } from '../setup/session.ts'
import { openWorld } from '../setup/world.ts'

/** As an assertion tells its time: what is signed in the second of a loss can't be told from what was signed after it. */
const wholeSeconds = (): number => Math.floor(Date.now() / 1000)

interface Forgetful {
  readonly bus: Bus
  readonly lose: () => Promise<void>
  readonly close: () => Promise<void>
}

async function onOneFile(more: Environment): Promise<Forgetful> {
  const { bus, engine } = await openSharedBus(2, undefined, more)
  return { bus, lose: () => engine.misbehaviour.loseVolatile(), close: () => bus.close() }
}

async function withRedis(more: Environment): Promise<Forgetful> {
  const redis: LocalRedis = await startRedis()
  const bus = await openPairOnKafka({ ...more, REDIS_URL: redis.url })
  const close = async (): Promise<void> => {
    await bus.close()
    await redis.stop()
  }
  return { bus, lose: () => redis.flush(), close }
}

const ways = [
  { name: 'embedded', open: onOneFile },
  ...(process.env['KAFKA_BROKERS'] === undefined ? [] : [{ name: 'kafka', open: withRedis }]),
]

/** Two instances, and one memory of what was used and of who went. */
describe.each(ways)('What only the memory knows ($name)', ({ open }) => {
  let opened: Forgetful
  let people: People
  let instances: readonly { readonly url: string }[]
  const key = newKey()
  const signing = { clientId: 'te.main', key: key.privateJwk }

  beforeAll(async () => {
    people = await openPeople()
    opened = await open(people.environment)
    const { bus } = opened
    instances = bus.processes.map((url) => ({ url }))
    await openWorld(bus).institution('te')
    const session = new Session(bus)
    const json = { id: 'main', name: 'Main', roles: ['administrator'], jwks: { keys: [key.publicJwk] } }
    await session.done({ as: bus.operator, path: '/v1/institutions/te/systems', json })
    const ana = { id: 'ana', name: 'Ana', roles: ['institution-admin'], login: 'login-of-ana' }
    const { access_token: token } = (await tokenFor(0, await asserted())).body as { access_token: string }
    const headers = { authorization: `Bearer ${token}` }
    await session.done({ path: '/v1/institutions/te/people', json: ana, headers })
  })
  afterAll(async () => {
    await opened?.close()
    await people?.close()
  })

  const asserted = () => assertionOf({ ...signing, audience: opened.bus.issuer })
  const tokenFor = (i: number, assertion: string) => exchanged(instances[i % 2] ?? opened.bus, assertion)
  const me = (headers: Readonly<Record<string, string>>) =>
    Promise.all(instances.map((instance) => ask(instance, { path: '/v1/me', headers })))

  test('an assertion is good once, whichever instance it reaches', async () => {
    const assertion = await asserted()
    const answers = await Promise.all([0, 1, 2, 3, 4, 5].map((i) => tokenFor(i, assertion)))
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401, 401, 401, 401, 401])
    const refused = answers.filter(({ status }) => status === 401).map(({ body }) => body)
    expect(refused).toEqual(refused.map(() => expect.objectContaining({ code: 'assertion-replayed' })))
  })

  test('what was used and who went is never forgotten: after a loss all that is older is refused, and people and systems begin anew', async () => {
    const [used, unused] = [await asserted(), await asserted()]
    const signedAt = wholeSeconds()
    const { access_token: token } = (await tokenFor(0, used)).body as { access_token: string }
    const [stays, goes] = [await people.signIn(opened.bus, 'ana'), await people.signIn(opened.bus, 'ana')]
    await ask(opened.bus, { method: 'POST', path: '/v1/session/logout', headers: { ...goes } })
    for (const { status } of await me({ ...stays })) expect(status).toBe(200)
    for (const answered of await me({ ...goes })) problemIn(answered, 'token-invalid')
    while (wholeSeconds() <= signedAt) await pause(20)
    await opened.lose()
    const anew = await people.signIn(opened.bus, 'ana')
    for (const { status } of await me({ ...anew })) expect(status).toBe(200)
    for (const older of [stays, goes])
      for (const answered of await me({ ...older })) problemIn(answered, 'token-invalid')
    const forgotten = { status: 401, body: { code: 'assertion-forgotten' } }
    expect([await tokenFor(1, used), await tokenFor(0, unused)]).toMatchObject([forgotten, forgotten])
    expect((await tokenFor(0, await asserted())).status).toBe(200)
    for (const { status } of await me({ authorization: `Bearer ${token}` })) expect(status).toBe(200)
  })
})
