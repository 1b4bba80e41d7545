import { EventEmitter, once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { problems } from '@unavez/protocol'

import { Admission } from '../src/http/admission.ts'
import { type OpenHttp, openHttp } from './open-http.ts'
import { addRoutes, cedula, Seen } from './routes.ts'

let bus: OpenHttp
const seen = new Seen()

beforeAll(async () => {
  bus = await openHttp({ missing: () => ['ids: folding'], routes: ({ http }) => addRoutes(http, seen) })
})

afterAll(async () => {
  bus.closing.abort()
  await bus.close()
})

describe('connections', () => {
  test('P14: a body that does not arrive in time is 408 and the socket is closed', async () => {
    const slow = await openHttp({ timeouts: { requestMs: 300 }, routes: () => undefined })
    try {
      const socket = connect(Number(new URL(slow.url).port), '127.0.0.1')
      let answer = ''
      socket.on('data', (bytes) => (answer += bytes.toString()))
      socket.write('POST /v1/x HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\ncontent-type: application/json\r\n\r\n{')
      await once(socket, 'close')
      expect(answer).toMatch(/^HTTP\/1\.1 408 /)
      expect(answer).toContain('body-too-slow')
    } finally {
      await slow.close()
    }
  })

  test('P14: headers that do not arrive in time end the connection', async () => {
    const slow = await openHttp({ timeouts: { headersMs: 300, requestMs: 600 }, routes: () => undefined })
    try {
      const socket = connect(Number(new URL(slow.url).port), '127.0.0.1')
      let answer = ''
      socket.on('data', (bytes) => (answer += bytes.toString()))
      socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\nx-slow')
      await once(socket, 'close')
      expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    } finally {
      await slow.close()
    }
  })

  test('P14: what is no HTTP is refused and the connection ends', async () => {
    const socket = connect(Number(new URL(bus.url).port), '127.0.0.1')
    let answer = ''
    socket.on('data', (bytes) => (answer += bytes.toString()))
    socket.write('\x16\x03\x01 hello\r\n\r\n')
    await once(socket, 'close')
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
  })

  test('P14: larger bodies under way are bounded in sum, and room comes back with each answer', () => {
    const admission = new Admission(100_000)
    const enter = (bytes: number) => {
      const response = new EventEmitter()
      const request = { headers: { 'content-length': String(bytes) } } as IncomingMessage
      admission.enter(request, response as ServerResponse, 1_000_000)
      return response
    }
    const first = enter(60_000)
    expect(() => enter(60_000)).toThrow(problems.overloaded.en)
    expect(() => enter(1_000_001)).toThrow(problems['body-too-large'].en)
    enter(1000)
    first.emit('close')
    enter(60_000)
  })

  test('a wait ends when its client is gone', async () => {
    const client = new AbortController()
    const response = fetch(`${bus.url}/open/wait`, { signal: client.signal })
    setTimeout(() => client.abort(), 50)
    await expect(response).rejects.toThrow('aborted')
    expect(await seen.gone.promise).toBe('yes')
  })

  test('a wait ends when the host stops, what is under way is answered, and new requests get 503', async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>()
    const other = await openHttp({
      routes: ({ http }) =>
        http.route({
          method: 'GET',
          url: '/wait',
          owner: 'test',
          summary: 'Waits',
          access: { open: true, why: 'a test' },
          handle: async ({ gone }) => {
            begin()
            await new Promise((resolve) => gone.addEventListener('abort', resolve))
            return { body: { ended: true } }
          },
        }),
    })
    const waiting = fetch(`${other.url}/wait`)
    await begun
    other.closing.abort()
    expect((await fetch(`${other.url}/wait`)).status).toBe(503)
    expect(await (await waiting).json()).toEqual({ ended: true })
    await other.close()
  })
})

describe('operations', () => {
  test('readiness names what is missing', async () => {
    const response = await fetch(`${bus.url}/health/ready`)
    expect([response.status, await response.json()]).toEqual([503, { ready: false, missing: ['ids: folding'] }])
    expect((await fetch(`${bus.url}/health/live`, { method: 'HEAD' })).status).toBe(200)
  })

  test('P7: metrics count requests by route pattern, never by path', async () => {
    await fetch(`${bus.url}/open/${cedula}`)
    const text = await (await fetch(`${bus.url}/metrics`)).text()
    expect(text).toContain('route="/open/:what"')
    expect(text).toContain('process_cpu_seconds_total')
    expect(text).not.toContain(cedula)
  })

  test('every route is in the OpenAPI document with its action, and the page for it stands alone', async () => {
    const document = (await (await fetch(`${bus.url}/openapi.json`)).json()) as {
      openapi: string
      paths: Record<string, Record<string, { 'x-action'?: string; parameters: { name: string }[] }>>
    }
    expect(document.openapi).toBe('3.1.0')
    const operation = document.paths['/v1/institutions/{id}/notes']?.['post']
    expect(operation?.['x-action']).toBe('register-system')
    expect(operation?.parameters.map(({ name }) => name)).toEqual(['id', 'after', 'limit', 'loud'])
    for (const { url, method } of bus.routes()) {
      expect(document.paths[url.replaceAll(/:(\w+)/g, '{$1}')]).toHaveProperty(method.toLowerCase())
    }
    const page = await fetch(`${bus.url}/docs`)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    const parts = [...(await page.text()).matchAll(/(?:href|src)="([^"]+)"/g)].map(([, part = '']) => part)
    expect(parts.length).toBeGreaterThan(2)
    for (const part of parts) expect((await fetch(new URL(part, `${bus.url}/docs`))).status).toBe(200)
  })
})
