import { setTimeout as sleep } from 'node:timers/promises'

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openEmbeddedEngine } from '@unavez/engine-embedded'
import { openPushSecrets } from '@unavez/exchange'
import type { Fact } from '@unavez/policy'
import { openAddressGuard } from '@unavez/service-kit'
import { type OpenBus, openTestBus } from '@unavez/service-kit/testing'

import { encodeConsentCode } from '../../src/endpoint/consent-code.ts'
import { Asking } from '../../src/endpoint/consent.ts'
import { Endpoints } from '../../src/endpoint/endpoints.ts'
import { delivery } from '../../src/index.ts'
import { closeReceivers, type Heard, receiver } from './receivers.ts'

const aggregate = 'subscription:sub_1'
const endpointAt = (port: number) => ({ url: `http://127.0.0.1:${port}/hook`, auth: 'none' }) as const
const pushTo = (port: number): Fact => ({
  type: 'subscription-created',
  aggregate,
  id: 'sub_1',
  agreement: 'agr_1',
  consumer: 'css',
  mode: 'push',
  start: [0],
  endpoint: endpointAt(port),
  keys: [],
})
const movedTo = (port: number): Fact => ({ type: 'subscription-endpoint-set', aggregate, endpoint: endpointAt(port) })

let bus: OpenBus
const open = async (port: number): Promise<void> => {
  bus = await openTestBus({
    service: delivery,
    facts: [pushTo(port)],
    openEngine: (directory) => openEmbeddedEngine({ directory }),
    settings: { publicUrl: 'https://bus.gob.pa', privateEndpoints: ['127.0.0.0/8'] },
  })
}
afterEach(async () => {
  await bus.close()
  await closeReceivers()
})

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await sleep(5)
}
const subscription = () => bus.control.policy.subscription('sub_1')
const isActive = (): boolean => subscription()?.state === 'active'
const decide = (name: string, fact: Fact) =>
  bus.control.submit({
    command: name,
    hash: '',
    by: { institution: 'css', system: 'main' },
    decide: () => ({ facts: [fact], reads: [] }),
  })

const agreeing = (headers: Readonly<Record<string, string>> = {}) =>
  receiver((response) => response.writeHead(200, { 'webhook-allowed-origin': '*', ...headers }).end())

/** The path of the callback that a receiver was told. */
const callbackIn = (heard: Heard | undefined): string => {
  const url = String(heard?.headers['webhook-request-callback'])
  expect(url).toMatch(/^https:\/\/bus\.gob\.pa\/v1\/subscriptions\/sub_1\/consent\/[A-Za-z0-9_-]{34}$/)
  return url.slice('https://bus.gob.pa'.length)
}

const changed = (code: string, at: number): string =>
  code.slice(0, at) + (code.charAt(at) === 'A' ? 'B' : 'A') + code.slice(at + 1)

describe('The handshake', () => {
  test('asks the endpoint as CloudEvents says, and its yes makes the subscription active', async () => {
    const at = await agreeing({ 'webhook-allowed-origin': 'bus.gob.pa', 'webhook-allowed-rate': '120' })
    await open(at.port)
    await until(isActive)
    expect(subscription()?.endpoint).toMatchObject({ consented: true, ratePerMinute: 120 })
    expect(at.heard).toHaveLength(1)
    expect(at.heard[0]).toMatchObject({ method: 'OPTIONS', url: '/hook' })
    expect(at.heard[0]?.headers).toMatchObject({
      'webhook-request-origin': 'bus.gob.pa',
      'webhook-request-rate': '60000',
    })
    callbackIn(at.heard[0])
  })

  test.each([
    ['another origin', 200, { 'webhook-allowed-origin': 'other.example' }],
    ['no origin', 200, {}],
    ['a refusal', 405, { 'webhook-allowed-origin': '*' }],
    ['a redirect', 302, { 'webhook-allowed-origin': '*', location: 'https://example.com/' }],
    ['no rate at all', 200, { 'webhook-allowed-origin': '*', 'webhook-allowed-rate': '0' }],
    ['a rate that is none', 200, { 'webhook-allowed-origin': '*', 'webhook-allowed-rate': 'plenty' }],
  ])('%s is no consent', async (_, status, headers) => {
    const at = await receiver((response) => response.writeHead(status, headers).end())
    await open(at.port)
    await until(() => at.heard.length > 0)
    await closeReceivers()
    expect(subscription()).toMatchObject({ state: 'awaiting-consent', endpoint: { consented: false } })
  })

  test('another address is asked anew, and no consent to the older one counts for it', async () => {
    const [older, newer] = [await receiver(), await agreeing()]
    await open(older.port)
    await until(() => older.heard.length === 1)
    const callback = callbackIn(older.heard[0])
    await decide('move', movedTo(newer.port))
    await until(isActive)
    expect(newer.heard).toHaveLength(1)
    const late = await bus.as('css.main')(`GET ${callback}`)
    expect(late).toMatchObject({ status: 404, body: { code: 'not-found' } })
  })
})

describe('The callback', () => {
  test.each(['GET', 'POST'])(
    'opened by %s it consents, with a rate if it names one, and again does no harm',
    async (how) => {
      const at = await receiver()
      await open(at.port)
      await until(() => at.heard.length === 1)
      const callback = callbackIn(at.heard[0])
      // Whoever only looks at a link consents to nothing.
      expect((await fetch(bus.url + callback, { method: 'HEAD' })).status).toBe(405)
      expect(subscription()?.state).toBe('awaiting-consent')
      const granted = await fetch(bus.url + callback, { method: how, headers: { 'webhook-allowed-rate': '30' } })
      expect(granted.status).toBe(200)
      expect(await granted.json()).toEqual({ id: 'sub_1', state: 'active' })
      expect(subscription()?.endpoint?.ratePerMinute).toBe(30)
      expect((await fetch(bus.url + callback, { method: how })).status).toBe(200)
      expect(subscription()?.endpoint?.ratePerMinute).toBe(30)
    },
  )

  test('with a code that is changed, of another subscription, or over: as if nothing were there', async () => {
    const at = await receiver()
    await open(at.port)
    await until(() => at.heard.length === 1)
    const callback = callbackIn(at.heard[0])
    const code = callback.slice(callback.lastIndexOf('/') + 1)
    const over = encodeConsentCode(bus.surroundings.keys.of('consent'), {
      subscription: 'sub_1',
      version: 1,
      until: new Date(Date.now() - 1000),
    })
    const paths = [
      ...[0, 12, 30].map((place) => `sub_1/consent/${changed(code, place)}`),
      `sub_1/consent/${over}`,
      'sub_1/consent/x',
      `sub_2/consent/${code}`,
    ]
    for (const path of paths) {
      const answer = await fetch(`${bus.url}/v1/subscriptions/${path}`)
      expect([path, answer.status]).toEqual([path, 404])
    }
    expect(isActive()).toBe(false)
  })
})

describe('Asking again', () => {
  const asks: Asking[] = []
  const ask = (pausesMs: readonly number[]): void => {
    const { surroundings } = bus
    const secrets = openPushSecrets(bus.engine.registers, surroundings.keys.of('registers'))
    const guard = openAddressGuard(['127.0.0.0/8'])
    const endpoints = new Endpoints({ secrets, guard, monotonic: () => surroundings.clock.monotonic() })
    asks.push(new Asking({ surroundings, endpoints, pausesMs }))
  }
  beforeEach(async () => {
    // Only what is asked here asks.
    bus = await openTestBus({
      service: { name: 'none', start: () => Promise.resolve() },
      facts: [],
      openEngine: (directory) => openEmbeddedEngine({ directory }),
      settings: { publicUrl: 'https://bus.gob.pa' },
    })
  })
  afterEach(async () => {
    await Promise.all(asks.splice(0).map((asking) => asking.close()))
  })

  test('goes on until the endpoint says yes', async () => {
    let asked = 0
    const at = await receiver((response) => {
      asked += 1
      response.writeHead(asked < 3 ? 503 : 200, { 'webhook-allowed-origin': '*' }).end()
    })
    ask([1, 1, 1, 1, 1, 1, 1])
    await decide('create', pushTo(at.port))
    await until(isActive)
    expect(asked).toBe(3)
  })

  test('ends after so many tries; then the endpoint is waited for, until another address is given', async () => {
    const at = await receiver((response) => response.writeHead(404).end())
    ask([1, 1])
    await decide('create', pushTo(at.port))
    await until(() => at.heard.length === 3)
    await sleep(300)
    expect(at.heard).toHaveLength(3)
    const newer = await agreeing()
    await decide('move', movedTo(newer.port))
    await until(isActive)
  })

  test('two instances ask once for each try', async () => {
    const at = await receiver((response) => response.writeHead(404).end())
    ask([50, 50])
    ask([50, 50])
    await decide('create', pushTo(at.port))
    await until(() => at.heard.length === 3)
    await sleep(300)
    expect(at.heard).toHaveLength(3)
  })

  test('closing ends what is under way', async () => {
    const at = await receiver(() => undefined)
    ask([1])
    await decide('create', pushTo(at.port))
    await until(() => at.heard.length === 1)
    await Promise.all(asks.map((asking) => asking.close()))
    expect(isActive()).toBe(false)
  })
})
