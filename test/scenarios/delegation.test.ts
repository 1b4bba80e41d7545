import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from '@unavez/sdk'

import { ask, problemIn } from '../setup/ask.ts'
import { type Bus, combinations } from '../setup/bus.ts'
import { birthOf, birthType, birthWorld, openWorld } from '../setup/world.ts'

const onBehalfOf = (institution: string) => ({ 'on-behalf-of': institution })

describe.each(combinations)('One institution acts for another ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  let aig: Client

  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
    await openWorld(bus).institution('aig')
    aig = await openWorld(bus).system('aig', 'hub', ['consumer', 'publisher', 'administrator'])
    await world.te.publish(birthOf('a-birth', '8-1-1'))
  })
  afterAll(() => bus?.close())

  const pull = (headers: Record<string, string> = onBehalfOf('css')) =>
    ask(bus, { path: `/v1/subscriptions/${world.births}/events?wait=5`, as: aig, headers })

  test('within the contract that both accepted, as both histories tell, until one of them ends it', async () => {
    problemIn(await pull(), 'delegation-not-valid')
    expect((await pull({})).status).toBe(404)
    const { id } = await world.css.post<{ id: string }>('/v1/delegations', {
      principal: 'css',
      delegate: 'aig',
      roles: ['consumer'],
      contracts: [birthType],
      until: '2030-01-01T00:00:00Z',
    })
    problemIn(await pull(), 'delegation-not-valid')
    expect(await aig.post(`/v1/delegations/${id}/accept`)).toMatchObject({ id, state: 'active', proposer: 'css' })
    const pulled = await pull()
    expect([pulled.status, pulled.json]).toMatchObject([200, { events: [{ id: 'a-birth' }] }])

    const paused = {
      method: 'POST',
      path: `/v1/subscriptions/${world.births}/pause`,
      as: aig,
      headers: onBehalfOf('css'),
    }
    expect((await ask(bus, { ...paused, json: {} })).status).toBe(200)
    expect((await ask(bus, { ...paused, path: paused.path.replace('pause', 'resume'), json: {} })).status).toBe(200)

    const end = { path: `/v1/agreements/${world.agreement}/end`, as: aig, headers: onBehalfOf('css') }
    problemIn(await ask(bus, { ...end, json: { reason: 'To bind is not to do' } }), 'delegation-not-valid')
    expect((await ask(bus, { path: `/v1/delegations/${id}`, as: world.te })).status).toBe(404)

    await world.css.post(`/v1/delegations/${id}/end`, { reason: 'Own system ready' })
    problemIn(await pull(), 'delegation-not-valid')
  })

  test('publishing for the owner of a contract, under the delegate’s own source', async () => {
    const event = { specversion: '1.0', source: 'urn:unavez:pa:aig:hub', ...birthOf('for-te', '8-2-2') }
    const headers = { 'content-type': 'application/cloudevents+json', ...onBehalfOf('te') }
    const publish = () => ask(bus, { path: '/v1/events', as: aig, body: JSON.stringify(event), headers })
    problemIn(await publish(), 'delegation-not-valid')
    const { id } = await aig.post<{ id: string }>('/v1/delegations', {
      principal: 'te',
      delegate: 'aig',
      roles: ['publisher'],
      contracts: [birthType],
      until: '2030-01-01T00:00:00Z',
    })
    await world.te.post(`/v1/delegations/${id}/accept`)
    expect((await publish()).status).toBe(201)
    const { events } = await world.css.pull(world.births, { wait: 10 })
    expect(events.map((each) => [each.id, each.source])).toContainEqual(['for-te', 'urn:unavez:pa:aig:hub'])
  })

  test('and nobody acts for who did not say so, or in the name of no institution', async () => {
    expect(problemIn(await pull(onBehalfOf('mef')), 'delegation-not-valid').decision).toEqual(expect.any(String))
    expect(problemIn(await pull(onBehalfOf('8-123-4567')), 'header-invalid').status).toBe(400)
  })
})
