import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { ownPath } from '../src/sign-in.ts'
import { openProvider } from './identity-provider.ts'
import { type Answered, type Members, openMembers } from './members.ts'

let provider: Awaited<ReturnType<typeof openProvider>>
let members: Members
const printed = Promise.withResolvers<string>()

const cookieOf = ({ headers }: Answered): string => headers.get('set-cookie')?.split(';')[0] ?? ''
const locationOf = ({ headers }: Answered): string => headers.get('location') ?? ''
const pathOf = (url: string): string => new URL(url).pathname + new URL(url).search
const tellsWhy = ({ status, body }: Answered) => [status, body['code']]

/** From the login to the identity provider and back, with the cookies of one browser. */
async function comeBack(query = '', begun?: { cookie: string }): Promise<Answered> {
  const login = await members.ask(`GET /v1/session/login${query}`)
  const there = await fetch(locationOf(login), { redirect: 'manual' })
  const cookie = begun?.cookie ?? cookieOf(login)
  return members.ask(`GET ${pathOf(there.headers.get('location') ?? '')}`, { headers: { cookie } })
}

async function signedIn(): Promise<{ cookie: string; csrf: string }> {
  provider.answers({ sub: 'login-of-ana' })
  const cookie = cookieOf(await comeBack())
  const { body } = await members.ask('GET /v1/session', { headers: { cookie } })
  return { cookie, csrf: String(body['csrfToken']) }
}

beforeAll(async () => {
  provider = await openProvider()
  members = await openMembers({
    oidc: { issuer: provider.issuer, clientId: 'unavez', loginClaim: 'sub' },
    localAccounts: { ready: Promise.resolve(''), print: (line) => printed.resolve(line) },
  })
  const ana = { id: 'ana', name: 'Ana', roles: ['institution-admin'], login: 'login-of-ana' }
  await members.ask('POST /v1/institutions/te/people', { as: 'te.admin', body: ana })
})

afterAll(async () => {
  await members.close()
  await provider.close()
})

describe('signing in at the identity provider', () => {
  test('leads back to where the person wanted to go, with a cookie that scripts can’t read', async () => {
    provider.answers({ sub: 'login-of-ana' })
    const back = await comeBack('?returnTo=/agreements?state=pending')
    expect([back.status, locationOf(back)]).toEqual([303, '/agreements?state=pending'])
    expect(back.headers.get('set-cookie')).toMatch(
      /^unavez-session=\S+; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax$/,
    )
    const me = await members.ask('GET /v1/me', { headers: { cookie: cookieOf(back) } })
    expect(me.body).toMatchObject({ institution: 'te', person: 'ana', roles: ['institution-admin'], state: 'active' })
  })

  test('asks with PKCE, state and nonce, anew each time', async () => {
    const asked = async () => new URL(locationOf(await members.ask('GET /v1/session/login'))).searchParams
    const [one, other] = [await asked(), await asked()]
    expect(one.get('code_challenge_method')).toBe('S256')
    for (const name of ['state', 'nonce', 'code_challenge']) expect(one.get(name)).not.toBe(other.get(name))
  })

  test('fails for whom no institution added, for another browser, and for an answer to another question', async () => {
    provider.answers({ sub: 'nobody' })
    expect(tellsWhy(await comeBack())).toEqual([403, 'sign-in-failed'])
    provider.answers({ sub: 'login-of-ana' })
    expect(tellsWhy(await comeBack('', { cookie: '' }))).toEqual([403, 'sign-in-failed'])
    const victim = cookieOf(await members.ask('GET /v1/session/login'))
    expect(tellsWhy(await comeBack('', { cookie: victim }))).toEqual([403, 'sign-in-failed'])
    expect(tellsWhy(await comeBack('', { cookie: 'unavez-login=AAAA' }))).toEqual([403, 'sign-in-failed'])
    provider.answers({ sub: 'login-of-ana' }, 'another-nonce')
    expect(tellsWhy(await comeBack())).toEqual([403, 'sign-in-failed'])
  })

  test('begins a new session whatever cookie the browser had: none can be fixed beforehand', async () => {
    const { cookie } = await signedIn()
    provider.answers({ sub: 'login-of-ana' })
    const login = await members.ask('GET /v1/session/login')
    const there = await fetch(locationOf(login), { redirect: 'manual' })
    const headers = { cookie: `${cookie}; ${cookieOf(login)}` }
    const again = await members.ask(`GET ${pathOf(there.headers.get('location') ?? '')}`, { headers })
    expect(cookieOf(again)).toMatch(/^unavez-session=/)
    expect(cookieOf(again)).not.toBe(cookie)
  })

  test.each(['https://evil.example', '//evil.example', '/\\evil.example', 'x', '/a b', undefined])(
    'never leads to another origin: %s',
    (path) => expect(ownPath(path)).toBe('/'),
  )
})

describe('a session', () => {
  test('writes only with its CSRF token; the act is recorded with the person', async () => {
    const { cookie, csrf } = await signedIn()
    const body = { id: 'eva', name: 'Eva', roles: ['desk'] }
    const post = (headers: Record<string, string>) => members.ask('POST /v1/institutions/te/people', { body, headers })
    expect(tellsWhy(await post({ cookie }))).toEqual([403, 'csrf-token-invalid'])
    expect(tellsWhy(await post({ cookie, 'x-csrf-token': `${csrf.slice(0, -2)}AA` }))).toEqual([
      403,
      'csrf-token-invalid',
    ])
    expect((await post({ cookie, 'x-csrf-token': csrf })).status).toBe(201)
    const [entry] = members.bus.control.policy.history('person:te/eva')
    expect(entry?.by).toEqual({ institution: 'te', system: '', person: 'ana' })
  })

  test('has the roles that policy gives at each call, and ends with the person', async () => {
    const { cookie } = await signedIn()
    const read = () => members.ask('GET /v1/institutions/te/invitations', { headers: { cookie } })
    const roles = (given: readonly string[]) =>
      members.ask('PATCH /v1/institutions/te/people/ana', { as: 'te.admin', body: { roles: given } })
    expect((await read()).status).toBe(200)
    await roles(['desk'])
    expect((await read()).status).toBe(403)
    await roles(['institution-admin'])
    expect((await read()).status).toBe(200)
  })

  test('ends everywhere with the logout, although the cookie is kept', async () => {
    const { cookie, csrf } = await signedIn()
    const gone = await members.ask('POST /v1/session/logout', { headers: { cookie, 'x-csrf-token': csrf } })
    expect([gone.status, gone.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')])
    expect(tellsWhy(await members.ask('GET /v1/session', { headers: { cookie } }))).toEqual([401, 'token-invalid'])
  })

  test('that was altered, or made by others, is none', async () => {
    const { cookie } = await signedIn()
    const [name = '', token = ''] = cookie.split('=')
    const [content = '', mac = ''] = token.split('.')
    const raised = Buffer.from(content, 'base64url').toString().replace('"ana"', '"eva"')
    for (const forged of [`${Buffer.from(raised).toString('base64url')}.${mac}`, content, 'x', `${content}.`]) {
      const answer = await members.ask('GET /v1/session', { headers: { cookie: `${name}=${forged}` } })
      expect(tellsWhy(answer)).toEqual([401, 'token-invalid'])
    }
  })
})

describe('local accounts', () => {
  test('the link printed at start makes the first operator, once, and signs in', async () => {
    const link = /\/v1\/session\/local\?code=\S+/.exec(await printed.promise)?.[0] ?? ''
    const opened = await members.ask(`GET ${link}`)
    expect([opened.status, locationOf(opened)]).toEqual([303, '/'])
    const session = await members.ask('GET /v1/session', { headers: { cookie: cookieOf(opened) } })
    expect(session.body).toMatchObject({ institution: 'operator', person: 'local', roles: ['operator', 'auditor'] })
    expect(tellsWhy(await members.ask(`GET ${link}`))).toEqual([403, 'sign-in-failed'])
    expect(tellsWhy(await members.ask('GET /v1/session/local?code=AAAA'))).toEqual([403, 'sign-in-failed'])
  })

  test('an administrator hands a person a link that signs them in once', async () => {
    const made = await members.ask('POST /v1/institutions/te/people/ana/sign-in-link', { as: 'te.admin' })
    const path = pathOf(String(made.body['url']))
    const opened = await members.ask(`GET ${path}`)
    const session = await members.ask('GET /v1/session', { headers: { cookie: cookieOf(opened) } })
    expect(session.body).toMatchObject({ institution: 'te', person: 'ana' })
    expect((await members.ask(`GET ${path}`)).status).toBe(403)
    const foreign = await members.ask('POST /v1/institutions/te/people/ana/sign-in-link', { as: 'css.admin' })
    expect(foreign.status).toBe(404)
  })

  test('a link is worth nothing to who is added under the name of the person that it was made for', async () => {
    const people = 'institutions/te/people'
    const uma = { id: 'uma', name: 'Uma', roles: ['desk'] }
    await members.ask(`POST /v1/${people}`, { as: 'te.admin', body: uma })
    const made = await members.ask(`POST /v1/${people}/uma/sign-in-link`, { as: 'te.admin' })
    await members.ask(`DELETE /v1/${people}/uma`, { as: 'te.admin' })
    expect((await members.ask(`POST /v1/${people}`, { as: 'te.admin', body: uma })).status).toBe(201)
    const opened = await members.ask(`GET ${pathOf(String(made.body['url']))}`)
    expect(tellsWhy(opened)).toEqual([403, 'sign-in-failed'])
  })
})
