import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { type DeliveredEvent, nodeListener, WebhookReceiver } from '@unavez/sdk'

import { ask } from '../setup/ask.ts'
import { type Bus, combinations } from '../setup/bus.ts'
import { onLoopback, pushWorld, until } from '../setup/push-world.ts'
import { birthOf } from '../setup/world.ts'

interface Made {
  readonly id: string
  readonly state: string
  readonly signingKey: string
  readonly secret: string
}

/** A server whose keys are known only once the subscription was made for it. */
class Hook {
  readonly handled: DeliveredEvent[] = []
  readonly #server: Server
  #listener: ReturnType<typeof nodeListener> | undefined

  constructor() {
    this.#server = createServer((request, response) => {
      if (this.#listener === undefined) response.writeHead(503).end()
      else this.#listener(request, response)
    })
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hooks`
  }

  /** Receives with these keys from now on. */
  receive(bus: string, keys: readonly string[]): void {
    const handle = (event: DeliveredEvent): { effect: 'applied' } => {
      this.handled.push(event)
      return { effect: 'applied' }
    }
    this.#listener = nodeListener(new WebhookReceiver({ keys, bus, handle }))
  }

  ids(): readonly string[] {
    return this.handled.map(({ id }) => id)
  }

  close(): Promise<unknown> {
    return new Promise((resolve) => this.#server.close(resolve).closeAllConnections())
  }
}

describe.each(combinations)('Receiving by webhook with the SDK ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof pushWorld>>
  const hooks: Hook[] = []
  beforeAll(async () => {
    bus = await open(onLoopback)
    world = await pushWorld(bus)
  })
  afterEach(() => Promise.all(hooks.splice(0).map((hook) => hook.close())))
  afterAll(() => bus?.close())

  const askAsCss = (method: 'POST' | 'PATCH' | 'GET', path: string, json?: object) =>
    ask(bus, { as: world.css, method, path, ...(json === undefined ? {} : { json }) })

  async function subscribed(more: object = {}): Promise<{ hook: Hook; made: Made; url: string }> {
    const hook = new Hook()
    hooks.push(hook)
    const url = await hook.open()
    const json = { agreement: world.agreement, mode: 'push', start: 'now', endpoint: { url, ...more } }
    const answered = await askAsCss('POST', '/v1/subscriptions', json)
    expect([answered.status, answered.text]).toEqual([201, expect.any(String)])
    return { hook, made: answered.json as Made, url }
  }
  const isActive = async (id: string): Promise<boolean> => (await world.item(id)).state === 'active'

  test('the handshake is answered, events are verified with the key that was told, and each is handled once', async () => {
    const { hook, made } = await subscribed()
    expect(made.state).toBe('awaiting-consent')
    await world.te.publish(birthOf('hook-0', '8-1234-567'))
    expect(hook.handled).toHaveLength(0)
    hook.receive(bus.issuer, [made.signingKey])
    await until(() => isActive(made.id), 'consent')
    await world.te.publishBatch(Array.from({ length: 10 }, (_, i) => birthOf(`hook-${i + 1}`, `8-400-${(i % 3) + 1}`)))
    await until(() => hook.handled.length === 11, 'all arrive')
    expect(hook.ids().toSorted()).toEqual(Array.from({ length: 11 }, (_, i) => `hook-${i}`).toSorted())
    const first = hook.handled.find(({ id }) => id === 'hook-0')
    expect(first?.data).toEqual({ child: '8-1234-567', birthDate: '2026-11-20' })
  })

  test('while a secret is rotated, the old one verifies too; new settings count for what is waiting', async () => {
    const { hook, made } = await subscribed()
    hook.receive(bus.issuer, [made.secret])
    await until(() => isActive(made.id), 'consent')
    const rotated = await askAsCss('PATCH', `/v1/subscriptions/${made.id}`, { rotate: 'secret' })
    const { secret } = rotated.json as Made
    expect(secret).not.toBe(made.secret)
    await world.te.publish(birthOf('old-secret', '8-1-1'))
    await until(() => hook.ids().includes('old-secret'), 'the old secret verifies')
    hook.receive(bus.issuer, [secret])
    await world.te.publish(birthOf('new-secret', '8-1-1'))
    await until(() => hook.ids().includes('new-secret'), 'the new secret verifies')
  })

  test('what an endpoint is signed in with is written and never read back, not even in a log line', async () => {
    const token = 'bearer-of-the-receiver'
    const { made } = await subscribed({ auth: { kind: 'bearer', token } })
    const shown = await askAsCss('GET', `/v1/subscriptions/${made.id}`)
    for (const secret of [token, made.secret]) {
      expect(shown.text).not.toContain(secret)
      expect(bus.output()).not.toContain(secret)
    }
  })

  test('an address that the bus may not call is refused when it is set, and when it is changed', async () => {
    const { made, url } = await subscribed()
    const elsewhere = [
      'http://169.254.169.254/',
      'https://10.0.0.1/',
      'http://[::1]/',
      `${url}#x`,
      'https://a:b@css.pa/',
    ]
    for (const bad of elsewhere) {
      const json = { agreement: world.agreement, mode: 'push', start: 'now', endpoint: { url: bad } }
      const answers = [
        await askAsCss('POST', '/v1/subscriptions', json),
        await askAsCss('PATCH', `/v1/subscriptions/${made.id}`, { endpoint: { url: bad } }),
      ]
      for (const { status, json: problem } of answers)
        expect([bad, status, (problem as { code: string }).code]).toEqual([bad, 422, 'endpoint-not-allowed'])
    }
  })
})
