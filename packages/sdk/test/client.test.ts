import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, expect, test } from '@jest/globals'
import { exportJWK, generateKeyPair } from 'jose'

import { Client, Problem } from '../src/index.ts'

const servers: Server[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})

interface Request {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}
type Answer = (request: Request) => { status: number; body?: unknown; headers?: Record<string, string> } | 'cut'

/** A bus that answers tokens itself and everything else as told. */
async function busAnswering(answer: Answer) {
  let tokens = 0
  const server = createServer((request, response: ServerResponse) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const asked = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      }
      const reply = asked.url.startsWith('/.well-known')
        ? { status: 200, body: { issuer: 'http://bus.test' } }
        : asked.url === '/oauth/token'
          ? { status: 200, body: { access_token: `token-${++tokens}`, token_type: 'Bearer', expires_in: 600 } }
          : answer(asked)
      if (reply === 'cut') return request.socket.destroy()
      response.writeHead(reply.status, {
        'content-type': 'application/json',
        ...('headers' in reply ? reply.headers : {}),
      })
      return response.end(reply.body === undefined ? '' : JSON.stringify(reply.body))
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { privateKey } = await generateKeyPair('EdDSA', { extractable: true })
  const client = new Client({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clientId: 'te.registro',
    key: { ...(await exportJWK(privateKey)), kid: 'k1' },
    source: 'urn:unavez:pa:te:registro',
    retry: { firstMs: 1, mostMs: 5 },
  })
  return { client, tokens: () => tokens }
}

const birth = {
  id: 'e-1',
  type: 'pa.gob.civil.birth-registered.v1',
  time: '',
  occurredat: '',
  changetype: 'created',
  data: {},
} as const

test('a publish whose answer was lost is repeated with the same id', async () => {
  const ids: string[] = []
  const { client } = await busAnswering(({ body }) => {
    ids.push((JSON.parse(body) as { id: string }).id)
    return ids.length === 1 ? 'cut' : { status: 200, body: { id: 'e-1', alreadyAccepted: true } }
  })
  await expect(client.publish(birth)).resolves.toMatchObject({ alreadyAccepted: true })
  expect(ids).toEqual(['e-1', 'e-1'])
})

test('a command keeps its idempotency key through retries', async () => {
  const keys: unknown[] = []
  const { client } = await busAnswering(({ headers }) => {
    keys.push(headers['idempotency-key'])
    return keys.length < 3
      ? { status: 503, body: { code: 'unavailable', title: '' } }
      : { status: 201, body: { id: 'agr_1' } }
  })
  await expect(client.post('/v1/agreements', {})).resolves.toEqual({ id: 'agr_1' })
  expect(new Set(keys).size).toBe(1)
})

test('a refusal is thrown as the problem that the bus meant, and not repeated', async () => {
  let asked = 0
  const { client } = await busAnswering(() => {
    asked += 1
    return { status: 403, body: { code: 'agreement-not-active', title: 'x', decision: 'd', whoCanGrant: ['te'] } }
  })
  const refused = await client.pull('sub_1').catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(Problem)
  expect(refused).toMatchObject({ code: 'agreement-not-active', details: { decision: 'd', whoCanGrant: ['te'] } })
  expect(asked).toBe(1)
})

test('a token that is no longer taken is renewed once', async () => {
  const { client, tokens } = await busAnswering(({ headers }) =>
    headers.authorization === 'Bearer token-1'
      ? { status: 401, body: { code: 'token-invalid', title: '' } }
      : { status: 200, body: { ok: true } },
  )
  await expect(client.get('/v1/me')).resolves.toEqual({ ok: true })
  expect(tokens()).toBe(2)
})

test('calls made together share one token', async () => {
  const { client, tokens } = await busAnswering(() => ({ status: 200, body: {} }))
  await Promise.all(Array.from({ length: 20 }, () => client.get('/v1/me')))
  expect(tokens()).toBe(1)
})

test('what one instance has answered, the next one is asked to have seen', async () => {
  const asked: unknown[] = []
  const { client } = await busAnswering(({ headers }) => {
    asked.push(headers['unavez-at'])
    return { status: 200, body: {}, headers: { 'unavez-at': asked.length === 1 ? '41' : '7' } }
  })
  for (let i = 0; i < 3; i += 1) await client.get('/v1/me')
  expect(asked).toEqual([undefined, '41', '41'])
})
