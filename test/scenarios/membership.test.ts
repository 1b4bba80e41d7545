import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Client } from '@unavez/sdk'

import { ask, problemIn } from '../setup/ask.ts'
import { type Bus, combinations, newKey } from '../setup/bus.ts'
import { birthOf, birthType, birthWorld, openWorld } from '../setup/world.ts'

describe.each(combinations)('Joining and leaving ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>

  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
  })
  afterAll(() => bus?.close())

  test('an invited institution enrols with its own key, is approved, consumes, rotates its key, and leaves', async () => {
    const invited = await bus.operator.post<{ code: string }>('/v1/institutions/mides/invitations', {
      country: 'PA',
      name: { es: 'Desarrollo Social', en: 'Social Development' },
    })
    const old = newKey('old')
    const enrolment = { code: invited.code, name: 'Padrón', jwks: { keys: [old.publicJwk] } }
    const enrolled = await ask(bus, { path: '/v1/enrolments', json: enrolment })
    expect([enrolled.status, enrolled.json]).toMatchObject([201, { clientId: 'mides.main', state: 'pending' }])
    await bus.operator.post('/v1/institutions/mides/approve', { reason: 'Fingerprint compared by telephone' })

    const mides = new Client({ url: bus.url, clientId: 'mides.main', key: old.privateJwk })
    const agreement = await openWorld(bus).agreement(mides, world.te, { contract: birthType, fields: ['child'] })
    const births = await world.subscription(mides, agreement)
    await world.te.publish(birthOf('first', '8-1-1'))
    expect((await mides.pull(births, { wait: 10 })).events).toHaveLength(1)

    const next = newKey('next')
    const keys = '/v1/institutions/mides/systems/main/keys'
    expect(
      (await ask(bus, { method: 'PUT', path: `${keys}/next`, as: mides, json: { jwk: next.publicJwk } })).status,
    ).toBe(201)
    const renewed = new Client({ url: bus.url, clientId: 'mides.main', key: next.privateJwk })
    expect(
      (await ask(bus, { method: 'DELETE', path: `${keys}/old`, as: renewed, json: { reason: 'Rotated' } })).status,
    ).toBe(204)
    problemIn(await ask(bus, { path: '/v1/me', as: mides }), 'key-not-valid')
    expect((await ask(bus, { path: '/v1/me', as: renewed })).json).toMatchObject({
      keys: [
        { kid: 'old', state: 'revoked' },
        { kid: 'next', state: 'active' },
      ],
    })

    await renewed.post('/v1/institutions/mides/leave', { reason: 'Merged into another ministry' })
    problemIn(await ask(bus, { path: `/v1/subscriptions/${births}/events`, as: renewed }), 'institution-left')
    expect(await world.te.get(`/v1/agreements/${agreement}`)).toMatchObject({ state: 'ended' })
    expect(await bus.operator.get(`/v1/subscriptions/${births}`)).toMatchObject({ state: 'ended' })
    const { items } = await world.te.get<{ items: { type: string }[] }>(`/v1/agreements/${agreement}/history`)
    expect(items.map(({ type }) => type)).toEqual(['agreement-requested', 'agreement-approved'])
    problemIn(
      await ask(bus, { path: '/v1/institutions/mides/resume', as: bus.operator, json: { reason: 'Back' } }),
      'state-conflict',
    )
  })

  test('what a leaving owner published under is over for its consumers too', async () => {
    await world.te.post('/v1/institutions/te/leave', { reason: 'Closed' })
    problemIn(
      await ask(bus, { path: `/v1/subscriptions/${world.births}/events`, as: world.css }),
      'agreement-not-active',
    )
    expect(await world.css.get(`/v1/agreements/${world.agreement}`)).toMatchObject({ state: 'ended' })
  })
})
