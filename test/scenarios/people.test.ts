import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { PersonRole } from '@unavez/policy'
import type { Client } from '@unavez/sdk'

import { type Asked, problemIn } from '../setup/ask.ts'
import { appealContract } from '../setup/assessment.ts'
import { messagesOf } from '../setup/disclosures.ts'
import { observed, type Observed } from '../setup/engines.ts'
import {
  answering,
  asking,
  certificateType,
  child,
  evidenceWorld,
  type EvidenceWorld,
  idOf,
  procedure,
  reading,
  supplied,
} from '../setup/evidence-world.ts'
import { type Browser, openPeople, type People } from '../setup/people.ts'
import { change } from '../setup/session.ts'

/** One of each service that people speak to. */
const pages = ['/v1/me', '/v1/agreements', '/v1/contracts', '/v1/evidence-requests', '/v1/subscriptions']

describe.each(observed)('People act for institutions ($name)', ({ open }) => {
  let opened: Observed
  let people: People
  let world: EvidenceWorld

  beforeAll(async () => {
    people = await openPeople()
    opened = await open(people.environment)
    world = await evidenceWorld(opened.bus)
  })
  afterAll(async () => {
    await opened?.close()
    await people?.close()
  })

  async function signedIn(as: Client, id: string, ...roles: readonly PersonRole[]): Promise<Browser> {
    await people.add(world.session, as, { id, roles })
    return people.signIn(opened.bus, id)
  }
  const told = (asked: Asked) => world.session.told(asked)
  const by = (browser: Browser, { path, json }: Asked): Asked => ({ path, json, headers: { ...browser } })
  const codesOf = async (cookie: string): Promise<readonly unknown[]> => {
    const answers = await Promise.all(pages.map((path) => told({ path, headers: { cookie } })))
    return answers.map(({ status, json }) => (status === 200 ? 200 : (json as { code?: unknown }).code))
  }

  test('who signed in is known to every service, and writes only from our own pages', async () => {
    const ana = await signedIn(world.css, 'ana', 'institution-admin')
    expect(await codesOf(ana.cookie)).toEqual(pages.map(() => 200))
    const norm = { path: '/v1/norms', json: { id: 'ley-1', name: { es: 'Ley 1', en: 'Act 1' }, kind: 'law' } }
    const forged = { cookie: ana.cookie, 'x-csrf-token': ana['x-csrf-token'].toLowerCase() }
    const other = await people.signIn(opened.bus, 'ana')
    for (const headers of [{ cookie: ana.cookie }, forged, { ...other, cookie: ana.cookie }])
      problemIn(await told({ ...norm, headers }), 'csrf-token-invalid')
    expect((await told(by(ana, norm))).status).toBe(201)
  })

  test('sensitive fields are agreed by a dpo of each side, and the history names both', async () => {
    const { te, css, session } = world
    await world.contract(te, appealContract)
    const { id, ...asked } = await session.done<{ id: string }>({
      as: css,
      path: '/v1/agreements',
      json: {
        consumer: 'css',
        contract: appealContract.type,
        purpose: { es: 'Resolver', en: 'To resolve' },
        legalBasis: { kind: 'law', norm: 'Ley 51 de 2005' },
        fields: ['person', 'grounds'],
        validUntil: '2030-01-01T00:00:00Z',
      },
    })
    expect(asked).toMatchObject({ state: 'pending', sensitive: ['grounds'], awaiting: ['css', 'te'] })
    const approval = change(te, `/v1/agreements/${id}/approve`)
    expect(problemIn(await told(approval), 'forbidden').whoCanGrant).toEqual(['te'])
    const [hers, his] = [await signedIn(te, 'dora', 'dpo'), await signedIn(css, 'dario', 'dpo')]
    expect((await told(by(hers, approval))).json).toMatchObject({ state: 'pending', awaiting: ['css'] })
    problemIn(await told(by(hers, approval)), 'state-conflict')
    expect((await told(by(his, approval))).json).toMatchObject({ state: 'active' })
    const { items } = await session.done<{ items: unknown }>({ as: te, path: `/v1/agreements/${id}/history` })
    expect(items).toMatchObject([
      { type: 'agreement-requested', by: { institution: 'css', system: 'main' } },
      { type: 'agreement-endorsed', by: { institution: 'te', person: 'dora' } },
      { type: 'agreement-endorsed', by: { institution: 'css', person: 'dario' } },
      { type: 'agreement-approved', by: { institution: 'css', person: 'dario' } },
    ])
  })

  test('evidence is answered at a desk, and both what was seen and what was said bear the person’s name', async () => {
    const { css, te, agree } = world
    await agree(css, te, { contract: certificateType, procedure, fields: ['child', 'birthDate'] })
    const id = idOf(await told(asking(css)))
    const delia = await signedIn(te, 'delia', 'desk')
    const list = { path: '/v1/evidence-requests?role=provider&state=open' }
    expect((await told(by(delia, list))).json).toMatchObject({ items: [{ id, subject: { id: child } }] })
    const officer = await signedIn(te, 'oscar', 'officer')
    problemIn(await told(by(officer, answering(te, id, supplied))), 'forbidden')
    expect((await told(by(delia, answering(te, id, supplied)))).json).toEqual({ state: 'supplied' })
    expect((await told(reading(css, id, '?wait=10'))).json).toMatchObject({ evidence: { data: { child } } })
    const name = { institution: 'te', system: '', person: 'delia' }
    expect(await recorded('evidence', 'evidence-supplied')).toEqual([name])
    expect(await recorded('disclosures', id)).toContainEqual(name)
  })

  /** Who is named by the records of a topic that hold some text. */
  async function recorded(topic: string, text: string): Promise<readonly unknown[]> {
    const partitions = Array.from({ length: 12 }, (_, partition) => messagesOf(opened.engine, topic, partition))
    return (await Promise.all(partitions))
      .flat()
      .filter(({ value }) => value?.includes(text) === true)
      .map(({ headers }) => JSON.parse(String(headers['by'])) as unknown)
  }

  test('who was removed speaks no more, and who is added under the same name later is someone else', async () => {
    const { css, session } = world
    const eva = await signedIn(css, 'eva', 'institution-admin')
    const person = '/v1/institutions/css/people/eva'
    await session.done({ as: css, method: 'DELETE', path: person })
    expect(await codesOf(eva.cookie)).toEqual(pages.map(() => 'forbidden'))
    await expect(people.signIn(opened.bus, 'eva')).rejects.toThrow('sign-in-failed')
    const another = { id: 'eva', name: 'Eva', roles: ['institution-admin'], login: 'login-of-another' }
    await session.done({ as: css, path: '/v1/institutions/css/people', json: another })
    expect(await codesOf(eva.cookie)).toEqual(pages.map(() => 'token-invalid'))
    await session.done({ as: css, method: 'PATCH', path: person, json: { login: 'login-of-eva' } })
    expect(await codesOf((await people.signIn(opened.bus, 'eva')).cookie)).toEqual(pages.map(() => 200))
  })

  test('a log-out ends that session at every service, and no other', async () => {
    const here = await signedIn(world.css, 'iris', 'institution-admin')
    const there = await people.signIn(opened.bus, 'iris')
    const gone = await told(by(here, { path: '/v1/session/logout', json: {} }))
    expect([gone.status, gone.headers.get('set-cookie')]).toEqual([204, expect.stringContaining('Max-Age=0')])
    expect(await codesOf(here.cookie)).toEqual(pages.map(() => 'token-invalid'))
    expect(await codesOf(there.cookie)).toEqual(pages.map(() => 200))
  })

  test('the token of a trusted issuer names a system to every service, for what policy lets that system do', async () => {
    const codes = async (clientId: string) => {
      const headers = await people.bearer(clientId)
      const answers = await Promise.all(pages.map((path) => told({ path, headers })))
      return answers.map(({ status, json }) => (status === 200 ? 200 : (json as { code?: unknown }).code))
    }
    expect(await codes('css.main')).toEqual(pages.map(() => 200))
    expect(await codes('operator.admin')).toEqual(pages.map(() => 'token-invalid'))
    await world.session.done(change(opened.bus.operator, '/v1/institutions/caja/systems/main/suspend'))
    expect(await codes('caja.main')).toEqual(pages.map(() => 'system-suspended'))
  })
})
