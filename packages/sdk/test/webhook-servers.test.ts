import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, describe, expect, test } from '@jest/globals'
import { makeWebhookSecret, openWebhookSigner } from '@unavez/protocol'
import fastify from 'fastify'

import { type DeliveredEvent, fastifyPlugin, nodeListener, WebhookReceiver } from '../src/index.ts'

const secret = makeWebhookSecret()
const body =
  '{ "specversion": "1.0", "id": "e1", "type": "t",  "subject": "p1", "position": "0000000000001", "data": {} }'
const signed = (id: string) => ({
  ...openWebhookSigner([secret])({ id, at: new Date(), body: Buffer.from(body) }),
  'content-type': 'application/cloudevents+json',
})

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

const openReceiver = () => {
  const handled: DeliveredEvent[] = []
  const handle = (event: DeliveredEvent): void => void handled.push(event)
  const receiver = new WebhookReceiver({ keys: [secret], bus: 'https://bus.gob.pa', handle })
  return { receiver, handled }
}

async function listen(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`
}

const post = (url: string, sent: string | Buffer = body) =>
  fetch(url, { method: 'POST', headers: signed('sub_1_1'), body: sent })
const ask = (url: string) =>
  fetch(url, { method: 'OPTIONS', headers: { 'webhook-request-origin': 'bus.gob.pa', 'webhook-request-rate': '60' } })

async function expectReceiving(url: string, handled: readonly DeliveredEvent[]): Promise<void> {
  const consent = await ask(url)
  expect([consent.status, consent.headers.get('webhook-allowed-origin')]).toEqual([200, 'bus.gob.pa'])
  expect((await post(url)).status).toBe(204)
  expect((await post(url)).status).toBe(204)
  expect(handled).toHaveLength(1)
  expect((await post(url, body.replace('e1', 'e2'))).status).toBe(401)
}

test('Node: the bytes are verified as they came', async () => {
  const { receiver, handled } = openReceiver()
  await expectReceiving(await listen(nodeListener(receiver)), handled)
})

test('Node: a body beyond the limit is refused, and its connection closed', async () => {
  const { receiver, handled } = openReceiver()
  const url = await listen(nodeListener(receiver))
  const answer = await post(url, Buffer.alloc(2 * 1024 * 1024, ' ')).catch(() => undefined)
  expect([413, undefined]).toContain(answer?.status)
  expect(handled).toHaveLength(0)
  expect((await post(url)).status).toBe(204)
})

describe('Express', () => {
  // What its parsers leave behind: the stream is read, and `body` holds the bytes (raw) or an object (json).
  const after =
    (parse: (bytes: Buffer) => unknown, listener: ReturnType<typeof nodeListener>): RequestListener =>
    (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () =>
        setImmediate(() => listener(Object.assign(request, { body: parse(Buffer.concat(chunks)) }), response)),
      )
    }

  test('behind express.raw the bytes are those that it kept', async () => {
    const { receiver, handled } = openReceiver()
    await expectReceiving(await listen(after((bytes) => bytes, nodeListener(receiver))), handled)
  })

  test('behind express.json nothing can be verified, and that is said', async () => {
    const { receiver, handled } = openReceiver()
    const url = await listen(after((bytes) => JSON.parse(bytes.toString()), nodeListener(receiver)))
    const answer = await post(url)
    expect([answer.status, await answer.json()]).toEqual([500, { code: 'body-parsed-before' }])
    expect(handled).toHaveLength(0)
  })
})

test('Fastify: the plugin keeps the bytes in its own scope, and JSON elsewhere is parsed as ever', async () => {
  const { receiver, handled } = openReceiver()
  const app = fastify()
  closers.push(() => app.close())
  await app.register(fastifyPlugin(receiver), { prefix: '/hooks' })
  app.post('/other', (request) => Promise.resolve({ got: request.body }))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  await expectReceiving(`${url}/hooks`, handled)
  const other = await fetch(`${url}/other`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"a":1}',
  })
  expect(await other.json()).toEqual({ got: { a: 1 } })
})
