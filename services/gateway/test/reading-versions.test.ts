import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Pages } from '@unavez/exchange'
import type { Fact, Policy } from '@unavez/policy'
import { joined, type OpenBus, registered } from '@unavez/service-kit/testing'

import { gateway } from '../src/index.ts'
import { openBus } from './open-bus.ts'
import { postEvents } from './post-events.ts'

const type = 'pa.gob.civil.birth-registered.v1'
const aggregate = `contract:${type}`
const until = '2990-01-01T00:00:00Z'
const personal = { classification: 'personal', doc: 'd' }
const child = { name: 'child', type: 'string', identifies: 'person', scheme: 'pa-cedula', role: 'key', ...personal }
const place = { name: 'place', type: ['null', 'string'], default: null, ...personal }
const weight = { name: 'weight', type: ['int', 'null'], default: 3000, ...personal }

function version(number: number, ...fields: readonly object[]): readonly Fact[] {
  const schema = { type: 'record', name: 'BirthRegistered', namespace: 'pa.gob.civil.v1', fields: [child, ...fields] }
  const description = { es: 'Nacimiento', en: 'Birth' }
  const head = { contract: type, kind: 'event', domain: 'civil', owner: 'te', retention: 'P90D', description } as const
  const numbered = { sequence: 'schema', of: `schema-${number}` } as const
  return [
    { type: 'contract-drafted', aggregate, ...head, version: number, schema },
    { type: 'contract-published', aggregate, version: number, numbered },
  ]
}

const agreed = (id: string, contractVersion: number, ...fields: readonly string[]): readonly Fact[] => [
  {
    type: 'agreement-requested',
    aggregate: `agreement:agr_${id}`,
    id: `agr_${id}`,
    consumer: 'css',
    owner: 'te',
    contract: type,
    version: contractVersion,
    purpose: { es: 'p', en: 'p' },
    legalBasis: { kind: 'law', norm: 'Ley 51' },
    fields,
    validUntil: until,
  },
  { type: 'agreement-approved', aggregate: `agreement:agr_${id}`, reason: 'r' },
  {
    type: 'subscription-created',
    aggregate: `subscription:sub_${id}`,
    id: `sub_${id}`,
    agreement: `agr_${id}`,
    consumer: 'css',
    mode: 'pull',
    start: Array.from({ length: 12 }, () => 0),
  },
]

const facts: readonly Fact[] = [
  joined('te'),
  registered('te', 'registro', ['publisher']),
  joined('css'),
  registered('css', 'main', ['consumer']),
  ...version(1, place),
  ...agreed('old', 1, 'child', 'place'),
]

const everything = { messages: 1000, bytes: 4_000_000, waitMs: 0 }

let bus: OpenBus
beforeAll(async () => {
  bus = await openBus(gateway, facts)
})
afterAll(() => bus?.close())

async function decide(facts: readonly Fact[]): Promise<void> {
  for (const fact of facts) {
    const by = { institution: 'te', system: 'registro' }
    await bus.control.submit({ command: randomUUID(), hash: '', by, decide: () => ({ facts: [fact], reads: [] }) })
  }
}

const birth = (id: string, data: object) => ({
  specversion: '1.0',
  id,
  source: 'urn:unavez:pa:te:registro',
  type,
  time: '2026-11-22T10:00:00Z',
  occurredat: '2026-11-20T03:10:00Z',
  changetype: 'created',
  datacontenttype: 'application/json',
  data: { child: '8-1-1', ...data },
})

async function read(id: string): Promise<Readonly<Record<string, object>>> {
  const { body } = await bus.as('css.main')(`GET /v1/subscriptions/sub_${id}/events?limit=1000`)
  return Object.fromEntries(
    (body['events'] as { id: string; data: object; dataschema: string }[]).map((event) => [
      event.id,
      { ...event.data, from: event.dataschema.replace(/.*versions\//, '') },
    ]),
  )
}

describe('Consumers read what they agreed on', () => {
  test('from records of every version: what is missing takes its default, what is new is not shown', async () => {
    expect((await postEvents(bus, birth('one', { place: 'Colón' }))).status).toBe(201)
    await decide([...version(2, place, weight), ...agreed('new', 2, 'child', 'place', 'weight')])
    expect((await postEvents(bus, birth('two', { place: 'Chitré', weight: 2500 }))).status).toBe(201)
    const shownOld = { child: '8-1-1', from: '1?fields=child,place' }
    expect(await read('old')).toEqual({
      one: { ...shownOld, place: 'Colón' },
      two: { ...shownOld, place: 'Chitré' },
    })
    const shownNew = { child: '8-1-1', from: '2?fields=child,place,weight' }
    expect(await read('new')).toEqual({
      one: { ...shownNew, place: 'Colón', weight: 3000 },
      two: { ...shownNew, place: 'Chitré', weight: 2500 },
    })
  })

  test('and where a contract lets its versions part, what the record’s own version has of it', async () => {
    await decide([
      { type: 'contract-compatibility-set', aggregate, compatibility: 'backward' },
      ...version(3, { ...place, type: 'string', default: 'somewhere' }),
    ])
    expect((await postEvents(bus, birth('three', { place: 'David' }))).status).toBe(201)
    expect(await read('new')).toMatchObject({ three: { place: 'David', from: '2?fields=child,place,weight' } })
  })

  test('events go on while versions are published: none lost, none refused', async () => {
    let publishing = true
    const accepted: string[] = []
    const publisher = async (name: string) => {
      for (let n = 0; publishing; n++) {
        const id = `${name}-${n}`
        const { status } = await postEvents(bus, birth(id, { place: 'Las Tablas' }))
        expect(status).toBe(201)
        accepted.push(id)
      }
    }
    const publishers = Promise.all(['a', 'b', 'c'].map(publisher))
    const more = (count: number) => Array.from({ length: count }, (_, n) => ({ ...weight, name: `extra${n}` }))
    for (let number = 4; number < 9; number++)
      await decide(version(number, { ...place, type: 'string', default: 'x' }, ...more(number)))
    publishing = false
    await publishers
    expect(accepted.length).toBeGreaterThan(0)
    const shown = await read('old')
    expect(accepted.filter((id) => !(id in shown))).toEqual([])
  })
})

/** A policy that knows one schema only once it is told to. */
function behind(policy: Policy, schemaId: number) {
  const state = { isFolded: false }
  const seen = new Proxy(policy, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return (...args: readonly unknown[]): unknown =>
        name === 'schemaById' && args[0] === schemaId && !state.isFolded
          ? undefined
          : Reflect.apply(member, target, args)
    },
  })
  return { state, seen }
}

test('what another instance published by a version that is not known here yet passes no filter unseen: that is waited for', async () => {
  const [requested, ...others] = agreed('colon', 1, 'child', 'place')
  const filtered = { ...requested, filter: { exact: { 'data.place': 'Colón' } } } as Fact
  await decide([filtered, ...others, ...version(9, { ...place, type: 'string', default: 'x' })])
  expect((await postEvents(bus, birth('unknown', { place: 'Ancón' }))).status).toBe(201)
  const { engine, control } = bus
  const pages = await Promise.all(
    (await engine.log.bounds('events.civil')).map((at) => engine.log.read({ ...at, offset: at.first }, everything)),
  )
  const message = pages.flatMap(({ messages }) => messages).find((each) => String(each.headers['ce_id']) === 'unknown')
  if (message?.value == null) throw new Error('it is not in the log')
  const { state, seen } = behind(control.policy, message.value.readInt32BE(1))
  const asking = (isProven: boolean) =>
    new Pages(
      {
        ...bus.surroundings,
        control: {
          ...control,
          policy: seen,
          provenSince: () => {
            state.isFolded = isProven
            return Promise.resolve(isProven)
          },
        },
      },
      () => undefined,
    ).isTheirs('sub_colon', message, 'due')
  await expect(asking(false)).rejects.toMatchObject({ code: 'policy-stale' })
  expect(await asking(true)).toBe(false)
  expect(state.isFolded).toBe(true)
})
