import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ProblemDocument } from '@unavez/protocol'
import type { Client } from '@unavez/sdk'

import { type Answered, ask, problemIn } from '../setup/ask.ts'
import { type Bus, combinations } from '../setup/bus.ts'
import { governanceRows } from '../setup/governance-rows.ts'
import { birthOf, birthType, birthWorld } from '../setup/world.ts'

/**
 * What a foreign institution gets: `hidden` = 404, as if nothing were there; `forbidden` = 403 with its decision, where what it is
 * about is public; `listed` = 200 with none of what is others'; `public` = the same for all.
 */
type Foreign = 'hidden' | 'forbidden' | 'listed' | 'public'

interface Row {
  readonly foreign: Foreign
  readonly path?: Readonly<Record<string, string>>
  readonly json?: object
  readonly headers?: Readonly<Record<string, string>>
}

type World = Awaited<ReturnType<typeof birthWorld>>

interface Place extends World {
  readonly decision: string
  readonly cursor: string
}

/** Every route that needs a token, asked about te and css. A route without a row fails the test: say here whose it is. */
function rows(place: Place): Readonly<Record<string, Row>> {
  const { agreement, births, decision, cursor } = place
  const reason = { reason: 'Curious' }
  const institution = { id: 'css' }
  const system = { id: 'css', system: 'main' }
  const contract = { type: birthType }
  const version = { type: birthType, version: '1' }
  const subject = { subject: 'pa.gob.civil.v1.BirthRegistered' }
  const event = { specversion: '1.0', source: 'urn:unavez:pa:te:registro', ...birthOf('foreign', '8-1-1') }
  const wish = {
    consumer: 'css',
    contract: birthType,
    purpose: { es: 'Saber', en: 'To know' },
    legalBasis: { kind: 'law', norm: 'Ley 1' },
    fields: ['child'],
    validUntil: '2030-01-01T00:00:00Z',
  }
  return {
    'GET /v1/me': { foreign: 'listed' },
    'POST /v1/institutions': { foreign: 'forbidden', json: { id: 'mine', name: { es: 'a', en: 'a' }, country: 'PA' } },
    'GET /v1/institutions': { foreign: 'listed' },
    'GET /v1/institutions/{id}': { foreign: 'hidden', path: institution },
    'POST /v1/institutions/{id}/suspend': { foreign: 'hidden', path: institution, json: reason },
    'POST /v1/institutions/{id}/resume': { foreign: 'hidden', path: institution, json: reason },
    'GET /v1/institutions/{id}/systems': { foreign: 'hidden', path: institution },
    'POST /v1/institutions/{id}/systems': { foreign: 'hidden', path: institution, json: { id: 'spy' } },
    'GET /v1/institutions/{id}/systems/{system}': { foreign: 'hidden', path: system },
    'POST /v1/institutions/{id}/systems/{system}/suspend': { foreign: 'hidden', path: system, json: reason },
    'POST /v1/institutions/{id}/systems/{system}/resume': { foreign: 'hidden', path: system, json: reason },
    'PUT /v1/institutions/{id}/systems/{system}/keys/{kid}': { foreign: 'hidden', path: { ...system, kid: 'k1' } },
    'DELETE /v1/institutions/{id}/systems/{system}/keys/{kid}': { foreign: 'hidden', path: { ...system, kid: 'k1' } },
    'POST /v1/institutions/{id}/approve': { foreign: 'hidden', path: institution, json: reason },
    'POST /v1/institutions/{id}/leave': { foreign: 'hidden', path: institution, json: reason },
    'PUT /v1/institutions/{id}/contacts': { foreign: 'hidden', path: institution, json: { contacts: [] } },
    'POST /v1/institutions/{id}/invitations': { foreign: 'hidden', path: institution, json: {} },
    'GET /v1/institutions/{id}/invitations': { foreign: 'hidden', path: institution },
    'POST /v1/institutions/{id}/invitations/{invitation}/withdraw': {
      foreign: 'hidden',
      path: { ...institution, invitation: 'inv_1' },
      json: reason,
    },
    'GET /v1/institutions/{id}/systems/{system}/read-keys': { foreign: 'hidden', path: system },
    'POST /v1/institutions/{id}/systems/{system}/read-keys': { foreign: 'hidden', path: system },
    'DELETE /v1/institutions/{id}/systems/{system}/read-keys/{key}': {
      foreign: 'hidden',
      path: { ...system, key: 'rdk_nothing' },
    },
    'POST /v1/contracts': { foreign: 'forbidden', json: { type: birthType, owner: 'te' } },
    'GET /v1/contracts': { foreign: 'public' },
    'GET /v1/contracts/{type}': { foreign: 'public', path: contract },
    'POST /v1/contracts/{type}/publish': { foreign: 'forbidden', path: contract },
    'PUT /v1/contracts/{type}': { foreign: 'forbidden', path: contract, json: {} },
    'POST /v1/contracts/{type}/versions': { foreign: 'forbidden', path: contract, json: { schema: {} } },
    'PUT /v1/contracts/{type}/compatibility': {
      foreign: 'forbidden',
      path: contract,
      json: { compatibility: 'backward' },
    },
    'POST /v1/contracts/{type}/deprecate': {
      foreign: 'forbidden',
      path: contract,
      json: { sunset: '2990-01-01T00:00:00Z' },
    },
    'POST /v1/contracts/{type}/retire': { foreign: 'forbidden', path: contract },
    'GET /v1/contracts/{type}/versions/{version}': { foreign: 'public', path: version },
    'GET /v1/contracts/{type}/versions/{version}/schema': { foreign: 'public', path: version },
    'GET /registry/subjects': { foreign: 'public' },
    'POST /registry/subjects/{subject}': { foreign: 'public', path: subject, json: { schema: '"string"' } },
    'GET /registry/subjects/{subject}/versions': { foreign: 'public', path: subject },
    'GET /registry/subjects/{subject}/versions/{version}': { foreign: 'public', path: { ...subject, version: '1' } },
    'GET /registry/subjects/{subject}/versions/{version}/schema': {
      foreign: 'public',
      path: { ...subject, version: '1' },
    },
    'GET /registry/schemas/ids/{id}': { foreign: 'public', path: { id: '1' } },
    'GET /registry/schemas/ids/{id}/versions': { foreign: 'public', path: { id: '1' } },
    'GET /registry/schemas/ids/{id}/schema': { foreign: 'public', path: { id: '1' } },
    'GET /registry/schemas/ids/{id}/subjects': { foreign: 'public', path: { id: '1' } },
    'GET /registry/schemas/types': { foreign: 'public' },
    'POST /registry/subjects/{subject}/versions': { foreign: 'forbidden', path: subject, json: { schema: '{}' } },
    'DELETE /registry/subjects/{subject}': { foreign: 'forbidden', path: subject },
    'DELETE /registry/subjects/{subject}/versions/{version}': {
      foreign: 'forbidden',
      path: { ...subject, version: '1' },
    },
    'POST /registry/compatibility/subjects/{subject}/versions': {
      foreign: 'public',
      path: subject,
      json: { schema: '{}' },
    },
    'POST /registry/compatibility/subjects/{subject}/versions/{version}': {
      foreign: 'public',
      path: { ...subject, version: '1' },
      json: { schema: '{}' },
    },
    'GET /registry/config': { foreign: 'public' },
    'PUT /registry/config': { foreign: 'public', json: { compatibility: 'FULL' } },
    'PUT /registry/config/{subject}': { foreign: 'forbidden', path: subject, json: { compatibility: 'FULL' } },
    'DELETE /registry/config/{subject}': { foreign: 'forbidden', path: subject },
    'GET /registry/mode/{subject}': { foreign: 'public', path: subject },
    'PUT /registry/mode': { foreign: 'public', json: { mode: 'READONLY' } },
    'PUT /registry/mode/{subject}': { foreign: 'public', path: subject, json: { mode: 'READONLY' } },
    'GET /registry/config/{subject}': { foreign: 'public', path: subject },
    'GET /registry/mode': { foreign: 'public' },
    'POST /v1/agreements': { foreign: 'forbidden', json: wish },
    'GET /v1/agreements': { foreign: 'listed' },
    'GET /v1/agreements/{id}': { foreign: 'hidden', path: { id: agreement } },
    'GET /v1/agreements/{id}/history': { foreign: 'hidden', path: { id: agreement } },
    'POST /v1/agreements/{id}/approve': { foreign: 'hidden', path: { id: agreement }, json: reason },
    'POST /v1/agreements/{id}/reject': { foreign: 'hidden', path: { id: agreement }, json: reason },
    'POST /v1/agreements/{id}/suspend': { foreign: 'hidden', path: { id: agreement }, json: reason },
    'POST /v1/agreements/{id}/resume': { foreign: 'hidden', path: { id: agreement }, json: reason },
    ...governanceRows({ agreement, contract: birthType }),
    'POST /v1/agreements/{id}/end': { foreign: 'hidden', path: { id: agreement }, json: reason },
    'POST /v1/decisions': { foreign: 'hidden', json: { action: 'publish', institution: 'te', contract: birthType } },
    'GET /v1/decisions/{id}': { foreign: 'hidden', path: { id: decision } },
    'POST /v1/events': {
      foreign: 'forbidden',
      json: event,
      headers: { 'content-type': 'application/cloudevents+json' },
    },
    'POST /v1/subscriptions': { foreign: 'hidden', json: { agreement, mode: 'pull', start: 'earliest' } },
    'GET /v1/subscriptions': { foreign: 'listed' },
    'GET /v1/subscriptions/{id}': { foreign: 'hidden', path: { id: births } },
    'POST /v1/subscriptions/{id}/pause': { foreign: 'hidden', path: { id: births } },
    'POST /v1/subscriptions/{id}/resume': { foreign: 'hidden', path: { id: births } },
    'DELETE /v1/subscriptions/{id}': { foreign: 'hidden', path: { id: births } },
    'GET /v1/subscriptions/{subscription}/events': { foreign: 'hidden', path: { subscription: births } },
    'PUT /v1/subscriptions/{subscription}/cursor': {
      foreign: 'hidden',
      path: { subscription: births },
      json: { cursor },
    },
  }
}

interface Operation {
  readonly security?: readonly unknown[]
}

/** Every route of every process that wants a token, from what the bus says of itself. */
async function guardedRoutes(bus: Bus): Promise<readonly string[]> {
  const found = new Set<string>()
  for (const url of bus.processes) {
    const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
      paths: Record<string, Record<string, Operation>>
    }
    for (const [path, operations] of Object.entries(paths))
      for (const [method, { security }] of Object.entries(operations))
        if (security?.length !== 0) found.add(`${method.toUpperCase()} ${path}`)
  }
  return [...found].toSorted()
}

describe.each(combinations)('No institution reaches what is another’s ($name)', ({ open }) => {
  let bus: Bus
  let place: Place
  let mides: Client
  let routes: readonly string[]
  let table: Readonly<Record<string, Row>>

  beforeAll(async () => {
    bus = await open()
    const world = await birthWorld(bus)
    await world.te.publish(birthOf('a-birth', '8-1234-567'))
    const { next } = await world.css.pull(world.births, { wait: 5 })
    const asked = { action: 'receive', institution: 'css', contract: birthType }
    const { id } = await world.css.post<{ id: string }>('/v1/decisions', asked)
    await world.institution('mides')
    mides = await world.system('mides', 'main', ['publisher', 'provider', 'consumer', 'requester', 'administrator'])
    place = { ...world, decision: id, cursor: next }
    table = rows(place)
    routes = await guardedRoutes(bus)
  })
  afterAll(() => bus?.close())

  const rowOf = (route: string): Row => {
    const row = table[route]
    if (row === undefined)
      throw new Error(`${route} has no row in this test: whose is it, and what may others see of it?`)
    return row
  }

  function request(route: string, as: Client, more: Row['headers'] = {}): Promise<Answered> {
    const { path = {}, json, headers } = rowOf(route)
    const [method = '', pattern = ''] = route.split(' ')
    const filled = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(path[name] ?? ''))
    return ask(bus, {
      method,
      path: filled,
      as,
      headers: { ...headers, ...more },
      ...(json === undefined ? {} : { json }),
    })
  }

  test('every route that wants a token has a row here, and every row is a route', () => {
    expect(Object.keys(table).toSorted()).toEqual(routes)
  })

  test('without a token, or with one that is none, every route is 401', async () => {
    for (const route of routes) {
      const path = route.split(' ')[1] ?? ''
      const method = route.split(' ')[0] ?? ''
      const token = await place.te.token()
      for (const authorization of [
        undefined,
        'Bearer nonsense',
        `Bearer ${token.slice(0, -6)}AAAAAA`,
        `Bearer ${token}.`,
      ]) {
        const answered = await ask(bus, { method, path, headers: authorization === undefined ? {} : { authorization } })
        expect([route, answered.status]).toEqual([route, 401])
        expect((answered.json as { code: string }).code).toBe('token-invalid')
        expect(answered.headers.get('www-authenticate')).toMatch(/^Bearer/)
      }
    }
  })

  test('a foreign institution gets nothing of another’s, on any route', async () => {
    const secrets = [place.agreement, place.births, 'css.main', '"te.registro"', '8-1234-567', 'a-birth']
    for (const route of routes) {
      const { foreign } = rowOf(route)
      const answered = await request(route, mides)
      const code = (answered.json as Partial<ProblemDocument>)?.code
      const decided = answered.text.includes('"decision"')
      switch (foreign) {
        case 'hidden':
          expect([route, answered.status, decided]).toEqual([route, 404, false])
          expect(code).toMatch(/^(not-found|decision-invalid)$/)
          break
        case 'forbidden':
          expect([route, answered.status, decided]).toEqual([route, 403, true])
          break
        case 'listed':
        case 'public':
          expect([route, answered.status < 500, answered.status !== 401]).toEqual([route, true, true])
          expect(answered.status).not.toBe(403)
      }
      for (const secret of secrets) expect([route, answered.text.includes(secret)]).toEqual([route, false])
    }
  })

  test('what hides is not told apart from what is not there', async () => {
    const reason = { reason: 'Curious' }
    const pairs = [
      ['/v1/institutions/css', '/v1/institutions/nobody'],
      ['/v1/institutions/css/systems/main', '/v1/institutions/css/systems/nothing'],
      [`/v1/agreements/${place.agreement}`, '/v1/agreements/agr_nothing'],
      [`/v1/subscriptions/${place.births}`, '/v1/subscriptions/sub_nothing'],
      [`/v1/subscriptions/${place.births}/events`, '/v1/subscriptions/sub_nothing/events'],
    ] as const
    const told = ({ json }: Answered) => ({ ...(json as object), instance: '' })
    for (const [hidden, missing] of pairs) {
      const [one, other] = [await ask(bus, { path: hidden, as: mides }), await ask(bus, { path: missing, as: mides })]
      expect([hidden, told(one)]).toEqual([hidden, told(other)])
    }
    const suspend = (id: string) => ask(bus, { path: `/v1/agreements/${id}/suspend`, as: mides, json: reason })
    expect(told(await suspend(place.agreement))).toEqual(told(await suspend('agr_nothing')))
  })

  test('a party sees the other’s subscription but does not read from it', async () => {
    const answered = await ask(bus, { path: `/v1/subscriptions/${place.births}/events`, as: place.te })
    expect(problemIn(answered, 'forbidden').decision).toEqual(expect.any(String))
    expect((await ask(bus, { path: `/v1/subscriptions/${place.births}`, as: place.te })).status).toBe(200)
  })

  test('P6: a suspended institution’s valid token is 403 with a decision on every route', async () => {
    await mides.token()
    const suspend = { path: '/v1/institutions/mides/suspend', as: bus.operator, json: { reason: 'Breach' } }
    const at = (await ask(bus, suspend)).headers.get('unavez-at') ?? ''
    for (const route of routes) {
      const answered = await request(route, mides, { 'unavez-at': at })
      const { code, decision } = answered.json as { code: string; decision: string }
      expect([route, answered.status, code]).toEqual([route, 403, 'institution-suspended'])
      const told = await ask(bus, { path: `/v1/decisions/${decision}`, as: bus.operator })
      expect(told.json).toMatchObject({ allowed: false, reasons: [{ code: 'institution-suspended' }] })
    }
    await bus.operator.post('/v1/institutions/mides/resume', { reason: 'Mended' })
    expect((await ask(bus, { path: '/v1/me', as: mides })).status).toBe(200)
  })
})
