import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { type Bus, combinations, newKey } from '../setup/bus.ts'
import { type Rest, sent, signedIn, type Told } from '../setup/by-hand.ts'
import { birthContract } from '../setup/world.ts'

const type = 'pa.gob.civil.birth-registered.v1'
const contract = {
  type,
  kind: 'event',
  domain: 'civil',
  owner: 'te',
  retention: 'P90D',
  description: { es: 'Se inscribió un nacimiento', en: 'A birth was registered' },
  schema: { ...birthContract.schema, fields: birthContract.schema.fields.filter(({ name }) => name !== 'place') },
}
const source = 'urn:unavez:pa:te:registro'
const birth = {
  specversion: '1.0',
  id: '018f0000-0000-7000-8000-000000000001',
  source,
  type,
  time: '2026-11-22T10:00:00Z',
  occurredat: '2026-11-20T03:10:00Z',
  changetype: 'created',
  datacontenttype: 'application/json',
  data: { child: '8-1234-567', birthDate: '2026-11-20', mother: '8-765-4321' },
}
const instant = expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/)
const offset = /^\d+$/

/** The first worked example of the API, step by step, by nothing but fetch. */
describe.each(combinations)('The worked example, as it is written ($name)', ({ open }) => {
  let bus: Bus
  const keys = { operator: newKey('o1'), te: newKey('te-1'), css: newKey('css-1') }
  const tokens: Record<string, string> = {}
  let agreement = ''
  let subscription = ''
  let accepted: Record<string, unknown> = {}
  let next = ''

  beforeAll(async () => {
    bus = await open({ OPERATOR_JWKS: JSON.stringify({ keys: [keys.operator.publicJwk] }) })
  })
  afterAll(() => bus?.close())

  const call = (who: string, method: string, rest: Rest): Promise<Told> =>
    sent(bus, method, { token: tokens[who], ...rest })

  async function signIn(who: keyof typeof keys, clientId: string, audience: string): Promise<Told> {
    const told = await signedIn(bus, { clientId, audience, key: keys[who].privateJwk })
    tokens[who] = (told.body as { access_token: string }).access_token
    return told
  }

  const publish = (event: object) =>
    call('te', 'POST', { path: '/v1/events', body: event, headers: { 'content-type': 'application/cloudevents+json' } })

  test('a signed assertion becomes a token, for the issuer and for its token endpoint as audience', async () => {
    for (const audience of [bus.issuer, `${bus.issuer}/oauth/token`]) {
      const told = await signIn('operator', 'operator.admin', audience)
      expect(told.status).toBe(200)
      expect(told.headers.get('content-type')).toBe('application/json')
      expect(told.headers.get('cache-control')).toBe('no-store')
      expect(told.body).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: 600 })
    }
  })

  test('the operator makes institutions and their systems', async () => {
    const te = { id: 'te', name: { es: 'Tribunal Electoral', en: 'Electoral Tribunal' }, country: 'PA' }
    const css = { id: 'css', name: { es: 'Caja de Seguro Social', en: 'Social Security Fund' }, country: 'PA' }
    for (const institution of [te, css]) {
      const made = await call('operator', 'POST', { path: '/v1/institutions', body: institution })
      expect(made.status).toBe(201)
      expect(made.body).toEqual({ ...institution, state: 'active' })
      expect(made.headers.get('content-type')).toBe('application/json')
      expect(made.headers.get('location')).toBe(`/v1/institutions/${institution.id}`)
      expect(made.headers.get('unavez-at')).toMatch(offset)
      const read = await call('operator', 'GET', { path: `/v1/institutions/${institution.id}` })
      expect(read).toMatchObject({ status: 200, body: { ...institution, state: 'active' } })
      expect(read.headers.get('etag')).toBe('"1"')
    }
    const registro = await call('operator', 'POST', {
      path: '/v1/institutions/te/systems',
      body: {
        id: 'registro',
        name: 'Registro Civil',
        roles: ['publisher', 'provider', 'administrator'],
        jwks: { keys: [keys.te.publicJwk] },
      },
    })
    expect(registro.status).toBe(201)
    expect(registro.body).toEqual({
      clientId: 'te.registro',
      institution: 'te',
      id: 'registro',
      name: 'Registro Civil',
      roles: ['publisher', 'provider', 'administrator'],
      keys: [{ kid: 'te-1', alg: 'EdDSA', state: 'active' }],
      state: 'active',
    })
    expect(registro.headers.get('etag')).toBe('"1"')
    const main = await call('operator', 'POST', {
      path: '/v1/institutions/css/systems',
      body: {
        id: 'main',
        name: 'Afiliación',
        roles: ['consumer', 'requester', 'administrator'],
        jwks: { keys: [keys.css.publicJwk] },
      },
    })
    expect(main).toMatchObject({ status: 201, body: { clientId: 'css.main' } })
    expect((await signIn('te', 'te.registro', bus.issuer)).status).toBe(200)
    expect((await signIn('css', 'css.main', bus.issuer)).status).toBe(200)
  })

  test('the owner drafts and publishes its contract', async () => {
    const drafted = await call('te', 'POST', { path: '/v1/contracts', body: contract })
    expect(drafted.status).toBe(201)
    expect(drafted.body).toEqual({ type, version: 1, state: 'draft' })
    const published = await call('te', 'POST', { path: `/v1/contracts/${type}/publish` })
    expect(published.status).toBe(200)
    expect(published.body).toEqual({ type, state: 'published', version: 1, schemaId: 1 })
    const read = await call('css', 'GET', { path: `/v1/contracts/${type}` })
    expect(read).toMatchObject({
      status: 200,
      body: { type, state: 'published', version: 1, schemaId: 1, owner: 'te' },
    })
    expect(read.headers.get('etag')).toBe('"2"')
  })

  test('the consumer asks for an agreement, the owner approves it, and the consumer puts it to work', async () => {
    const wish = {
      consumer: 'css',
      contract: type,
      purpose: { es: 'Afiliar al recién nacido', en: 'Enrol the newborn' },
      legalBasis: { kind: 'law', norm: 'Ley 51 de 2005', article: '77' },
      fields: ['child', 'birthDate'],
      validUntil: '2030-01-01T00:00:00Z',
    }
    const asked = await call('css', 'POST', { path: '/v1/agreements', body: wish })
    expect(asked.status).toBe(201)
    expect(asked.body).toEqual({
      ...wish,
      id: expect.stringMatching(/^agr_[A-Za-z0-9_-]+$/),
      state: 'pending',
      version: 1,
      owner: 'te',
      validUntil: '2030-01-01T00:00:00.000Z',
    })
    agreement = (asked.body as { id: string }).id
    expect(asked.headers.get('location')).toBe(`/v1/agreements/${agreement}`)
    const approved = await call('te', 'POST', {
      path: `/v1/agreements/${agreement}/approve`,
      body: { reason: 'Ley 51' },
    })
    expect(approved.status).toBe(200)
    expect(approved.body).toMatchObject({ id: agreement, state: 'active' })
    const made = await call('css', 'POST', {
      path: '/v1/subscriptions',
      body: { agreement, mode: 'pull', start: 'earliest' },
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      id: expect.stringMatching(/^sub_[A-Za-z0-9_-]+$/),
      state: 'active',
      agreement,
      mode: 'pull',
    })
    subscription = (made.body as { id: string }).id
    expect(made.headers.get('unavez-at')).toMatch(offset)
  })

  test('the first publish is 201, the same again 200 with the first answer, the same id with other data 409', async () => {
    const first = await publish(birth)
    expect(first.status).toBe(201)
    expect(first.headers.get('content-type')).toBe('application/json')
    accepted = first.body as Record<string, unknown>
    expect(accepted).toEqual({
      id: birth.id,
      source,
      payloadHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      acceptedAt: instant,
      position: expect.any(String),
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      alreadyAccepted: false,
    })
    const again = await publish(birth)
    expect(again).toMatchObject({ status: 200, body: { ...accepted, alreadyAccepted: true } })
    const other = await publish({ ...birth, data: { ...birth.data, birthDate: '2026-11-19' } })
    expect(other.status).toBe(409)
    expect(other.headers.get('content-type')).toBe('application/problem+json')
    expect(other.body).toMatchObject({ code: 'event-id-reused', status: 409 })
    expect(JSON.stringify(other.body)).not.toMatch(/8-1234-567|8-765-4321/)
  })

  test('the consumer pulls what its agreement allows, and commits', async () => {
    const path = `/v1/subscriptions/${subscription}/events?limit=100&wait=5`
    const page = await call('css', 'GET', { path })
    expect(page.status).toBe(200)
    expect(page.headers.get('content-type')).toBe('application/json')
    expect(page.body).toEqual({
      events: [
        {
          specversion: '1.0',
          id: birth.id,
          source,
          type,
          subject: expect.stringMatching(/^[A-Za-z0-9_-]{20,}$/),
          time: birth.time,
          occurredat: birth.occurredat,
          publishedat: accepted['acceptedAt'],
          changetype: 'created',
          position: accepted['position'],
          dataschema: `${bus.issuer}/v1/contracts/${type}/versions/1?fields=child,birthDate`,
          traceparent: expect.stringMatching(`^00-${String(accepted['traceId'])}-[0-9a-f]{16}-0[01]$`),
          data: { child: '8-1234-567', birthDate: '2026-11-20' },
        },
      ],
      from: expect.any(String),
      next: expect.any(String),
      more: false,
    })
    next = (page.body as { next: string }).next
    const cursor = `/v1/subscriptions/${subscription}/cursor`
    const committed = await call('css', 'PUT', { path: cursor, body: { cursor: next } })
    expect(committed).toMatchObject({ status: 204, body: undefined })
    const empty = await call('css', 'GET', { path: `/v1/subscriptions/${subscription}/events` })
    expect(empty).toMatchObject({ status: 200, body: { events: [], from: next, next, more: false } })
    const read = await call('css', 'GET', { path: `/v1/subscriptions/${subscription}` })
    expect(read.body).toEqual({
      id: subscription,
      state: 'active',
      mode: 'pull',
      agreement,
      contract: type,
      consumer: 'css',
      epoch: expect.any(Number),
      cursor: next,
      baseline: 'include',
      lag: { events: 0, seconds: 0 },
    })
    expect(read.headers.get('etag')).toBe('"1"')
  })

  test('a suspended agreement stops, keeps what waits, and goes on with it; its history says who, when and why', async () => {
    const suspended = await call('te', 'POST', {
      path: `/v1/agreements/${agreement}/suspend`,
      body: { reason: 'Audit' },
    })
    expect(suspended).toMatchObject({ status: 200, body: { id: agreement, state: 'suspended' } })
    const events = `/v1/subscriptions/${subscription}/events`
    const refused = await call('css', 'GET', { path: events })
    expect(refused).toMatchObject({ status: 403, body: { code: 'agreement-not-active', decision: expect.any(String) } })
    expect((await publish({ ...birth, id: 'while-suspended' })).status).toBe(201)
    const resumed = await call('te', 'POST', {
      path: `/v1/agreements/${agreement}/resume`,
      body: { reason: 'Audited', backlog: 'deliver' },
    })
    expect(resumed).toMatchObject({ status: 200, body: { id: agreement, state: 'active', backlog: 'deliver' } })
    const page = await call('css', 'GET', { path: `${events}?wait=5` })
    expect(page.body).toMatchObject({ events: [{ id: 'while-suspended' }] })
    const read = await call('css', 'GET', { path: `/v1/agreements/${agreement}` })
    expect(read).toMatchObject({ status: 200, body: { id: agreement, state: 'active', consumer: 'css', owner: 'te' } })
    expect(read.headers.get('etag')).toBe('"4"')
    const history = await call('css', 'GET', { path: `/v1/agreements/${agreement}/history` })
    const by = (institution: string, system: string) => ({ institution, system })
    expect(history.body).toEqual({
      items: [
        { type: 'agreement-requested', version: 1, at: instant, by: by('css', 'main') },
        { type: 'agreement-approved', version: 2, at: instant, by: by('te', 'registro'), reason: 'Ley 51' },
        { type: 'agreement-suspended', version: 3, at: instant, by: by('te', 'registro'), reason: 'Audit' },
        { type: 'agreement-resumed', version: 4, at: instant, by: by('te', 'registro'), reason: 'Audited' },
      ],
    })
  })

  test('a suspended institution stops at once, also with the token it has, and goes on with its backlog', async () => {
    const events = `/v1/subscriptions/${subscription}/events`
    const suspended = await call('operator', 'POST', {
      path: '/v1/institutions/css/suspend',
      body: { reason: 'Breach' },
    })
    expect(suspended).toMatchObject({ status: 200, body: { id: 'css', state: 'suspended' } })
    for (const path of [events, '/v1/me', '/v1/agreements']) {
      const refused = await call('css', 'GET', { path })
      expect(refused).toMatchObject({ status: 403, body: { code: 'institution-suspended', whoCanGrant: ['operator'] } })
    }
    expect((await signIn('css', 'css.main', bus.issuer)).status).toBe(400)
    expect((await publish({ ...birth, id: 'while-css-was-suspended' })).status).toBe(201)
    const resumed = await call('operator', 'POST', { path: '/v1/institutions/css/resume', body: { reason: 'Mended' } })
    expect(resumed).toMatchObject({ status: 200, body: { id: 'css', state: 'active' } })
    expect((await signIn('css', 'css.main', bus.issuer)).status).toBe(200)
    const page = await call('css', 'GET', { path: `${events}?wait=5` })
    expect(page.body).toMatchObject({ events: [{ id: 'while-suspended' }, { id: 'while-css-was-suspended' }] })
    const listed = await call('operator', 'GET', { path: '/v1/institutions?limit=1' })
    expect(listed.body).toMatchObject({ items: [{ id: 'css', state: 'active' }], next: 'css' })
  })
})
