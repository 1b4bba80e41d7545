import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { type Answered, ask, problemIn } from '../setup/ask.ts'
import { type Bus, combinations } from '../setup/bus.ts'
import { openPairOnKafka, openSharedBus } from '../setup/engines.ts'
import { change, publishing, Session } from '../setup/session.ts'
import { birthContract, birthOf, birthType, birthWorld, openWorld } from '../setup/world.ts'

const weight = {
  name: 'weight',
  type: ['null', 'int'],
  default: null,
  classification: 'personal',
  doc: { es: 'Peso en gramos', en: 'Weight in grams' },
}
const wider = { ...birthContract.schema, fields: [...birthContract.schema.fields, weight] }
const path = `/v1/contracts/${birthType}`
const wish = (contract: string) => ({
  consumer: 'css',
  contract,
  purpose: { es: 'Afiliar', en: 'Enrol' },
  legalBasis: { kind: 'law', norm: 'Ley 51 de 2005' },
  fields: ['child'],
  validUntil: '2990-01-01T00:00:00Z',
})

describe.each(combinations)('A contract from its first version to its end ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
  })
  afterAll(() => bus?.close())

  test('P15: a version is published amid publishing, and every consumer reads what it agreed on', async () => {
    const { te, css, births } = world
    const session = new Session(bus)
    await session.done({ as: te, path: `${path}/versions`, json: { schema: wider } })
    const before = await te.publish(birthOf('before', '8-1-1'))
    const [published, ...during] = await Promise.all([
      session.done<object>({ as: te, path: `${path}/publish`, method: 'POST' }),
      ...Array.from({ length: 20 }, (_, n) => te.publish(birthOf(`during-${n}`, '8-1-2'))),
    ])
    expect(published).toMatchObject({ version: 2, state: 'published' })
    await session.done(publishing(te, birthOf('after', '8-1-3', { weight: 3200 })))
    const agreement = await openWorld(bus).agreement(css, te, { contract: birthType, fields: ['child', 'weight'] })
    const weights = await world.subscription(css, agreement)
    const read = async (subscription: string) => {
      const { events } = await css.pull(subscription, { limit: 100, wait: 5 })
      return new Map(events.map(({ id, data }) => [id, data as object]))
    }
    const [asBefore, asNow] = [await read(births), await read(weights)]
    expect([...asNow.keys()].toSorted()).toEqual([before, ...during, { id: 'after' }].map(({ id }) => id).toSorted())
    expect([...asBefore.keys()].toSorted()).toEqual([...asNow.keys()].toSorted())
    expect(asBefore.get('after')).toEqual({ child: '8-1-3', birthDate: '2026-11-20' })
    expect(asNow.get('before')).toEqual({ child: '8-1-1', weight: null })
    expect(asNow.get('after')).toEqual({ child: '8-1-3', weight: 3200 })
  })

  test('P11: what is in use is not retired; what is retired takes nothing more, and says why', async () => {
    const { te, css } = world
    const { items } = await css.get<{ items: { id: string }[] }>('/v1/agreements?limit=100')
    const session = new Session(bus)
    const inUse = await ask(bus, { as: te, path: `${path}/retire`, json: { reason: 'Replaced' } })
    const { users } = problemIn(inUse, 'contract-in-use')
    expect(users?.map(({ agreement }) => agreement).toSorted()).toEqual(items.map(({ id }) => id).toSorted())
    for (const { id } of items) await session.done(change(css, `/v1/agreements/${id}/end`))
    await session.done(change(te, `${path}/retire`))
    const refused = await session.told(publishing(te, birthOf('late', '8-1-4')))
    expect(problemIn(refused, 'contract-retired').decision).toEqual(expect.any(String))
    problemIn(await session.told({ as: css, path: '/v1/agreements', json: wish(birthType) }), 'contract-retired')
  })
})

const pairs: readonly { readonly name: string; readonly open: () => Promise<Bus> }[] = [
  { name: 'embedded', open: async () => (await openSharedBus(2)).bus },
  ...(process.env['KAFKA_BROKERS'] === undefined ? [] : [{ name: 'kafka', open: openPairOnKafka }]),
]

describe.each(pairs)('Contracts on two instances ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
  })
  afterAll(() => bus?.close())

  const on = (instance: number) => ({ url: bus.processes[instance % bus.processes.length] ?? bus.url })
  const statuses = (answers: readonly Answered[]) => answers.map(({ status }) => status)

  test('one schema registered by many at once has one id, and no id is given twice', async () => {
    const url = '/registry/subjects/pa.gob.civil.v1.BirthRegistered/versions'
    const schemas = [wider, { ...wider, fields: [...wider.fields, { ...weight, name: 'height' }] }]
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        ask(on(n), { as: world.te, path: url, json: { schema: JSON.stringify(schemas[n < 6 ? 0 : 1]) } }),
      ),
    )
    expect(statuses(answers).filter((status) => status !== 200 && status !== 409)).toEqual([])
    const ids = answers.map(({ json }) => (json as { id?: number }).id)
    const given = [ids.slice(0, 6), ids.slice(6)].map((each) => new Set(each.filter((id) => id !== undefined)))
    expect(given.map(({ size }) => size)).toEqual([1, 1])
    expect(new Set(given.flatMap((each) => [...each])).size).toBe(2)
  })

  test('a contract that is retired at the moment when an agreement is requested is either in use or over', async () => {
    for (let round = 0; round < 5; round++) {
      const type = `pa.gob.race${'abcde'[round] ?? ''}.birth-registered.v1`
      const domain = type.split('.')[2] ?? ''
      const schema = { ...birthContract.schema, namespace: `pa.gob.${domain}.v1` }
      await ask(on(round), { as: world.te, path: '/v1/contracts', json: { ...birthContract, type, domain, schema } })
      const published = await ask(on(round), { as: world.te, path: `/v1/contracts/${type}/publish`, method: 'POST' })
      const headers = { 'unavez-at': published.headers.get('unavez-at') ?? '' }
      const [requested, retired] = await Promise.all([
        ask(on(round), { as: world.css, path: '/v1/agreements', json: wish(type), headers }),
        ask(on(round + 1), { as: world.te, path: `/v1/contracts/${type}/retire`, json: {}, headers }),
      ])
      const outcomes = [requested, retired].map(
        ({ status, json }) => `${status} ${(json as { code?: string }).code ?? ''}`,
      )
      expect(['201 /409 contract-in-use', '403 contract-retired/200 ']).toContain(outcomes.join('/'))
      const at = retired.headers.get('unavez-at') ?? requested.headers.get('unavez-at') ?? ''
      const { json } = await ask(bus, { as: world.te, path: `/v1/contracts/${type}`, headers: { 'unavez-at': at } })
      expect((json as { state: string }).state).toBe(retired.status === 200 ? 'retired' : 'published')
    }
  })
})
