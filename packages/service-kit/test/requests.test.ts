import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { type OpenHttp, openHttp, tokenOf } from './open-http.ts'
import { addRoutes, note, post, problemOf, Seen } from './routes.ts'

let bus: OpenHttp
const seen = new Seen()

beforeAll(async () => {
  bus = await openHttp({ missing: () => ['ids: folding'], routes: ({ http }) => addRoutes(http, seen) })
})

afterAll(async () => {
  bus.closing.abort()
  await bus.close()
})

describe('a request', () => {
  test('reaches its route with who speaks, its query as numbers and defaults, and the answer carries version and offset', async () => {
    const response = await post(bus, { body: note, path: '/v1/institutions/te/notes?limit=7&loud=true' })
    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({
      institution: 'te',
      system: 'registro',
      query: { limit: 7, loud: true },
      size: null,
    })
    expect(response.headers.get('etag')).toBe('"7"')
    expect(response.headers.get('unavez-at')).toBe('3')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test.each([
    ['nothing', undefined],
    ['a word', 'Bearer nonsense'],
    ['another scheme', 'Digest x'],
    ['an expired token', `Bearer ${tokenOf('te.registro', new Date(Date.now() - 601_000))}`],
    ['a token whose claims were changed', `Bearer ${changed(tokenOf('te.registro'))}`],
  ])('with %s as authorization is 401 with a challenge', async (_name, authorization) => {
    const response = await fetch(`${bus.url}/v1/me`, { headers: authorization === undefined ? {} : { authorization } })
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer/)
    expect((await problemOf(response)).code).toBe('token-invalid')
  })

  test('may carry its token as the password of HTTP Basic, for its own client id only', async () => {
    const basic = (user: string) => ({
      authorization: `Basic ${Buffer.from(`${user}:${tokenOf('te.registro')}`).toString('base64')}`,
    })
    expect((await fetch(`${bus.url}/v1/me`, { headers: basic('te.registro') })).status).toBe(200)
    expect((await fetch(`${bus.url}/v1/me`, { headers: basic('css.main') })).status).toBe(401)
  })

  test('is authorised before its body is looked at, and foreign things are 404 without a decision', async () => {
    const before = seen.handled
    const response = await post(bus, { body: '{not json', path: '/v1/institutions/css/notes' })
    expect(response.status).toBe(404)
    expect(await problemOf(response)).not.toHaveProperty('decision')
    expect(seen.handled).toBe(before)
  })

  test('continues the trace of its caller', async () => {
    const trace = 'ab'.repeat(16)
    const headers = {
      authorization: `Bearer ${tokenOf('te.registro')}`,
      traceparent: `00-${trace}-${'cd'.repeat(8)}-01`,
    }
    const { traceparent } = (await (await fetch(`${bus.url}/v1/me`, { headers })).json()) as { traceparent: string }
    expect(traceparent).toMatch(new RegExp(`^00-${trace}-(?!${'cd'.repeat(8)})[0-9a-f]{16}-01$`))
  })

  test('waits for the control offset that it brings, and is refused when that is not reached', async () => {
    const me = (at: string) =>
      fetch(`${bus.url}/v1/me`, { headers: { authorization: `Bearer ${tokenOf('te.registro')}`, 'unavez-at': at } })
    expect((await me('0')).status).toBe(200)
    const ahead = await me('999999')
    expect([ahead.status, ahead.headers.get('retry-after')]).toEqual([503, '1'])
    expect((await problemOf(await me('x'))).code).toBe('header-invalid')
  })
})

describe('a command', () => {
  const suspend = (headers: Record<string, string>, body = {}) =>
    post(bus, { body, headers, path: '/v1/suspensions/css' })
  const resume = () =>
    bus.control.apply([{ type: 'institution-resumed', aggregate: 'institution:css', reason: 'test' }])

  test('has the idempotency key within its system as id, and a hash of method, path and body', async () => {
    await suspend({ 'idempotency-key': 'k-1' })
    resume()
    await suspend({ 'idempotency-key': 'k-2' }, { other: 1 })
    resume()
    const [first, second] = bus.control.commands.slice(-2)
    expect(first).toMatchObject({ command: 'te.registro/k-1', by: { institution: 'te', system: 'registro' } })
    expect(first?.hash).not.toBe(second?.hash)
    expect(first?.reads).toEqual(expect.arrayContaining(['institution:te', 'system:te.registro', 'institution:css']))
    expect((await suspend({ 'idempotency-key': 'k 3' })).status).toBe(400)
    expect((await suspend({ 'idempotency-key': 'k'.repeat(129) })).status).toBe(400)
  })

  test('with If-Match counts only for the version it names', async () => {
    const version = bus.control.policy.version('institution:css')
    expect((await suspend({ 'if-match': `"${version + 1}"` })).status).toBe(412)
    expect((await suspend({ 'if-match': 'W/"1"' })).status).toBe(412)
    expect((await suspend({ 'if-match': `"${version + 9}", "${version}"` })).status).toBe(200)
    resume()
  })
})

function changed(token: string): string {
  const [head, , signature] = token.split('.')
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object
  return `${head}.${Buffer.from(JSON.stringify({ ...claims, sub: 'css.main' })).toString('base64url')}.${signature}`
}
