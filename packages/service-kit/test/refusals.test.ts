import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Problem } from '@unavez/protocol'

import { type OpenHttp, openHttp, tokenOf } from './open-http.ts'
import { addRoutes, cedula, note, post, problemOf, Seen } from './routes.ts'

let bus: OpenHttp
const seen = new Seen()

beforeAll(async () => {
  bus = await openHttp({ missing: () => ['ids: folding'], routes: ({ http }) => addRoutes(http, seen) })
})

afterAll(async () => {
  bus.closing.abort()
  await bus.close()
})

describe('bad input', () => {
  test.each([
    { name: 'what is not JSON', body: '{', code: 'json-invalid', pointer: undefined },
    { name: 'what is not UTF-8', body: Buffer.from([0x22, 0xff, 0x22]), code: 'json-invalid', pointer: undefined },
    { name: '__proto__', body: '{"__proto__":{}}', code: 'json-invalid', pointer: undefined },
    { name: 'an escaped __proto__', body: '{"\\u005f_proto__":{}}', code: 'json-invalid', pointer: undefined },
    { name: 'deep nesting', body: `${'['.repeat(1000)}${']'.repeat(1000)}`, code: 'json-invalid', pointer: undefined },
    { name: 'an empty body', body: '', code: 'body-invalid', pointer: '' },
    { name: 'an array', body: '[]', code: 'body-invalid', pointer: '' },
    { name: 'a missing field', body: { text: { es: 'a' } }, code: 'body-invalid', pointer: '/text/en' },
    { name: 'an unknown field', body: { ...note, extra: cedula }, code: 'body-invalid', pointer: '/extra' },
    { name: 'an identifier as field name', body: { ...note, [cedula]: 1 }, code: 'body-invalid', pointer: '' },
    { name: 'a wrong type', body: { ...note, size: cedula }, code: 'body-invalid', pointer: '/size' },
    { name: 'no such choice', body: { ...note, kind: cedula }, code: 'body-invalid', pointer: '/kind' },
  ])('$name is refused with a pointer and never the value', async ({ body, code, pointer }) => {
    const response = await post(bus, { body })
    const text = await response.text()
    expect(text).not.toContain(cedula)
    const problem = JSON.parse(text) as { code: string; pointer?: string }
    expect([response.status, problem.code, problem.pointer]).toEqual([400, code, pointer])
  })

  test.each(['limit=0', 'limit=1e3', 'limit=x', 'limit=1&limit=2', 'loud=1', 'unknown=1'])(
    'the query %s is refused',
    async (query) => {
      const response = await post(bus, { body: note, path: `/v1/institutions/te/notes?${query}` })
      expect((await problemOf(response)).code).toBe('query-invalid')
    },
  )

  test('another content type is 415', async () => {
    expect(
      (await post(bus, { body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } })).status,
    ).toBe(415)
    expect(
      (await post(bus, { body: note, headers: { 'content-type': 'application/json; charset=utf-8' } })).status,
    ).toBe(201)
  })

  test('P14: a body over the limit is 413 however it is sent, and the next request is answered', async () => {
    const large = `{"text":"${'x'.repeat(1024 * 1024)}"}`
    expect((await post(bus, { body: large })).status).toBe(413)
    const chunked = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 20; i++) controller.enqueue(new Uint8Array(64 * 1024))
        controller.close()
      },
    })
    const response = await fetch(`${bus.url}/v1/institutions/te/notes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokenOf('te.registro')}`, 'content-type': 'application/json' },
      body: chunked,
      duplex: 'half',
    } as RequestInit)
    expect(response.status).toBe(413)
    expect((await post(bus, { body: note })).status).toBe(201)
  })

  test('an unknown path is 404, another method 405 with what is allowed, an endless parameter 404', async () => {
    expect((await fetch(`${bus.url}/v1/nothing`)).status).toBe(404)
    const response = await fetch(`${bus.url}/v1/institutions/te/notes`)
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await fetch(`${bus.url}/open/${'x'.repeat(3000)}`)).status).toBe(404)
    expect((await fetch(`${bus.url}/open/%ff`)).status).toBe(404)
  })
})

describe('a no', () => {
  test('is told in the language asked for, Spanish unless told', async () => {
    const titles = await Promise.all(
      [undefined, 'en', 'en;q=0.2, es', 'fr, en-GB;q=0.5', 'fr'].map(async (language) => {
        const headers: Record<string, string> = language === undefined ? {} : { 'accept-language': language }
        return (await problemOf(await fetch(`${bus.url}/open/problem`, { headers }))).title
      }),
    )
    const [es, en] = [titles[0], titles[1]]
    expect(titles).toEqual([es, en, es, en, es])
    expect(es).not.toBe(en)
  })

  test('carries Retry-After and the trace as its instance', async () => {
    const trace = 'ab'.repeat(16)
    const headers = { traceparent: `00-${trace}-${'cd'.repeat(8)}-01` }
    const response = await fetch(`${bus.url}/open/problem`, { headers })
    expect(response.headers.get('retry-after')).toBe('2')
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect((await problemOf(response)).instance).toBe(`urn:unavez:trace:${trace}`)
  })

  test('P7: a bug is told as 500 and nothing else, and logged without what it quoted', async () => {
    const response = await fetch(`${bus.url}/open/bug`)
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain(cedula)
    const line = bus.logged.at(-1)
    expect(line).toMatchObject({ error: 'TypeError', route: '/open/:what' })
    expect(JSON.stringify(bus.logged)).not.toContain(cedula)
  })

  test('P11: the token of a suspended institution gets 403 with a decision on every route', async () => {
    bus.control.apply([{ type: 'institution-suspended', aggregate: 'institution:css', reason: 'test' }])
    try {
      const headers = { authorization: `Bearer ${tokenOf('css.main')}` }
      const response = await fetch(`${bus.url}/v1/me`, { headers })
      const problem = await problemOf(response)
      expect([response.status, problem.code]).toEqual([403, 'institution-suspended'])
      expect(problem.decision).toMatch(/^dec_/)
    } finally {
      bus.control.apply([{ type: 'institution-resumed', aggregate: 'institution:css', reason: 'test' }])
    }
  })

  test('P6: a policy that can not be proven fresh is 503', async () => {
    const stale = Promise.reject(new Problem('policy-stale', { retryAfter: 1 }))
    stale.catch(() => undefined)
    bus.control.stale = stale
    const response = await fetch(`${bus.url}/v1/me`, { headers: { authorization: `Bearer ${tokenOf('te.registro')}` } })
    bus.control.stale = undefined
    expect([response.status, (await problemOf(response)).code]).toEqual([503, 'policy-stale'])
  })
})
