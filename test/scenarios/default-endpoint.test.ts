import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { type Bus, combinations } from '../setup/bus.ts'
import { onLoopback, pushWorld, until } from '../setup/push-world.ts'
import { ask } from '../setup/send.ts'
import { Webhook } from '../setup/webhook.ts'
import { birthOf } from '../setup/world.ts'

describe.each(combinations)('The endpoint of a system ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof pushWorld>>
  let hook: Webhook
  beforeAll(async () => {
    bus = await open(onLoopback)
    world = await pushWorld(bus)
    hook = await new Webhook().open()
  })
  afterAll(async () => {
    await hook?.close()
    await bus?.close()
  })

  const system = () => {
    const [institution, id] = world.css.clientId.split('.')
    return `/v1/institutions/${institution}/systems/${id}`
  }
  const set = (json: object) => ask(bus, { method: 'PUT', as: bus.operator, path: `${system()}/endpoint`, json })

  test('is where its subscriptions are pushed that name none, signed in with what is never told back', async () => {
    const json = { agreement: world.agreement, mode: 'push', start: 'now' }
    const without = await ask(bus, { as: world.css, path: '/v1/subscriptions', json })
    expect(without.json).toMatchObject({ code: 'body-invalid', pointer: '/endpoint' })

    const told = await set({ url: hook.url(), auth: { kind: 'bearer', token: 'of-the-first' } })
    expect(told.json).toMatchObject({ endpoint: { url: hook.url(), auth: { kind: 'bearer' } } })
    const made = await ask(bus, { as: world.css, path: '/v1/subscriptions', json })
    expect(made.json).toMatchObject({ endpoint: { url: hook.url(), auth: { kind: 'bearer' } } })
    const { id } = made.json as { id: string }
    // What it becomes later changes no subscription that stands.
    expect((await set({ url: 'https://elsewhere.gob.pa/hook' })).json).toMatchObject({
      endpoint: { url: 'https://elsewhere.gob.pa/hook', auth: { kind: 'none' } },
    })
    await until(async () => (await world.item(id)).state === 'active', 'it consents')
    await world.te.publish(birthOf('default-0', '8-1000-1'))
    await until(() => hook.delivered.includes('default-0'), 'the event arrives')
    expect(hook.of('default-0')[0]?.headers.authorization).toBe('Bearer of-the-first')
    const seen = await ask(bus, { as: bus.operator, path: system() })
    expect(told.text + made.text + seen.text + bus.output()).not.toContain('of-the-first')
  })

  test('is one that the bus may call, or refused', async () => {
    expect((await set({ url: 'https://10.0.0.1/hook' })).json).toMatchObject({
      code: 'endpoint-not-allowed',
      pointer: '/url',
    })
    const auth = { kind: 'oauth2', tokenUrl: 'http://169.254.169.254/', clientId: 'c', clientSecret: 's' }
    expect((await set({ url: hook.url(), auth })).json).toMatchObject({
      code: 'endpoint-not-allowed',
      pointer: '/auth/tokenUrl',
    })
  })
})
