import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ProblemDocument } from '@unavez/protocol'
import type { Client } from '@unavez/sdk'

import { type Answered, ask, problemIn } from '../setup/ask.ts'
import { type Bus, combinations } from '../setup/bus.ts'
import { type Place, type Row, rows } from '../setup/foreign.ts'
import { birthOf, birthType, birthWorld } from '../setup/world.ts'

/** What an answer is to who asked: refused without or with a decision, or given. */
function seenBy({ status, text, json }: Answered): string {
  const decided = text.includes('"decision"')
  const { code } = json as Partial<ProblemDocument>
  if (status === 404 && !decided && (code === 'not-found' || code === 'decision-invalid')) return 'hidden'
  if (status === 403 && decided) return 'forbidden'
  return status < 300 || (status === 404 && code === undefined) ? 'listed' : `${status} ${code}`
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
      // What is public is the same for all, also where nothing stands.
      const fitting: readonly string[] = foreign === 'public' ? ['listed', 'hidden'] : [foreign]
      expect([route, fitting]).toEqual([route, expect.arrayContaining([seenBy(answered)])])
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
