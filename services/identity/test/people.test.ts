import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type Fact, operator, Policy } from '@unavez/policy'

import { addPerson, changePerson, loginOf, removePerson } from '../src/person.ts'
import { type Members, openMembers } from './members.ts'

const te = { id: 'te', name: { es: 'te', en: 'te' }, country: 'PA', synthetic: false, state: 'active' } as const
const ana = { id: 'ana', name: 'Ana', roles: ['dpo', 'dpo'] } as const
const added = (command: object = {}): readonly Fact[] =>
  addPerson({ institution: te, person: undefined }, { ...ana, ...command })
const stateAfter = (...facts: readonly Fact[]) => Policy.of(facts).members.person('te', 'ana')
const thrown = (work: () => unknown): unknown => {
  try {
    return work()
  } catch (error) {
    const { code, details } = error as { code: string; details: { pointer?: string } }
    return [code, details.pointer]
  }
}

describe('the decisions about people', () => {
  test('a person has each role once, and is there once', () => {
    expect(stateAfter(...added())).toMatchObject({ id: 'ana', roles: ['dpo'], state: 'active' })
    const person = stateAfter(...added())
    expect(thrown(() => addPerson({ institution: te, person }, ana))).toEqual(['person-exists', '/id'])
  })

  test('P7: neither the id nor the name of a person is a national identifier; a login may be one, for it is hashed', () => {
    expect(thrown(() => added({ id: 'e-8-123456' }))).toEqual(['identifier-in-clear', '/id'])
    expect(thrown(() => added({ name: '8-123-4567' }))).toEqual(['identifier-in-clear', '/name'])
    expect(loginOf(Buffer.alloc(32), '8-123-4567')).not.toContain('8-123-4567')
  })

  test('operators act for the operator only', () => {
    expect(thrown(() => added({ roles: ['operator'] }))).toEqual(['body-invalid', '/roles'])
    expect(addPerson({ institution: operator, person: undefined }, { ...ana, roles: ['operator'] })).toHaveLength(1)
    expect(thrown(() => changePerson(stateAfter(...added()), { roles: ['operator'] }))).toEqual([
      'body-invalid',
      '/roles',
    ])
  })

  test('what is not told of a change stays, and who was removed is changed no more', () => {
    const facts = added({ login: 'x' })
    const changed = changePerson(stateAfter(...facts), { roles: ['desk'] })
    expect(stateAfter(...facts, ...changed)).toMatchObject({ name: 'Ana', roles: ['desk'], login: 'x' })
    const gone = stateAfter(...facts, ...removePerson(stateAfter(...facts), 'Left'))
    expect(thrown(() => changePerson(gone, { name: 'B' }))).toEqual(['not-found', undefined])
    expect(addPerson({ institution: te, person: gone }, ana)).toHaveLength(1)
  })
})

describe('people over HTTP', () => {
  let members: Members
  const people = '/v1/institutions/te/people'
  const ask: Members['ask'] = (request, options) => members.ask(request, { as: 'te.admin', ...options })

  beforeAll(async () => {
    members = await openMembers()
  })
  afterAll(() => members.close())

  test('are added, read, changed and removed by their institution; their login is told to nobody', async () => {
    const body = { id: 'ana', name: 'Ana', roles: ['dpo'], login: 'ana@te.example' }
    const made = await ask(`POST ${people}`, { body })
    const view = { institution: 'te', id: 'ana', name: 'Ana', roles: ['dpo'], signsIn: true }
    expect([made.status, made.body]).toEqual([201, view])
    expect((await ask(`GET ${people}/ana`)).body).toEqual(view)
    expect((await ask(`GET ${people}`)).body).toEqual({ items: [view], next: null })
    const stale = await ask(`PATCH ${people}/ana`, { body: { roles: ['desk'] }, headers: { 'if-match': '"9"' } })
    expect(stale.status).toBe(412)
    const changed = await ask(`PATCH ${people}/ana`, { body: { roles: ['desk'] } })
    expect(changed.body).toEqual({ ...view, roles: ['desk'] })
    expect((await ask(`DELETE ${people}/ana`, { body: { reason: 'Retired' } })).status).toBe(204)
    expect((await ask(`GET ${people}/ana`)).status).toBe(404)
    expect((await ask(`GET ${people}`)).body['items']).toEqual([])
  })

  test('are hidden from others', async () => {
    for (const request of [`GET ${people}`, `POST ${people}`, `GET ${people}/ana`, `DELETE ${people}/ana`]) {
      const answer = await ask(request, { as: 'css.admin', ...(request.startsWith('POST') ? { body: {} } : {}) })
      expect([request, answer.status]).toEqual([request, 404])
    }
  })

  test('Control: whoever is appointed at the same moment is no longer changed by their institution', async () => {
    for (let round = 0; round < 8; round++) {
      const person = `zoe${round}`
      await ask(`POST ${people}`, { body: { id: person, name: 'Zoe', roles: ['desk'] } })
      const [appointed, taken] = await Promise.all([
        ask(`PATCH ${people}/${person}`, { as: 'operator.admin', body: { roles: ['auditor'] } }),
        ask(`PATCH ${people}/${person}`, { body: { login: 'mallory' } }),
      ])
      expect(appointed.status).toBe(200)
      const offset = ({ headers }: typeof taken) => Number(headers.get('unavez-at') ?? Infinity)
      expect(taken.status).toBe(offset(taken) < offset(appointed) ? 200 : 403)
    }
  })

  test('who sees what is others’ is appointed, changed and removed by the operator alone', async () => {
    const body = { id: 'eva', name: 'Eva', roles: ['auditor'] }
    const refused = await ask(`POST ${people}`, { body })
    expect([refused.status, typeof refused.body['decision']]).toEqual([403, 'string'])
    expect((await ask(`POST ${people}`, { as: 'operator.admin', body })).status).toBe(201)
    expect((await ask(`PATCH ${people}/eva`, { body: { roles: [] } })).status).toBe(403)
    expect((await ask(`PATCH ${people}/eva`, { body: { login: 'mallory' } })).status).toBe(403)
    expect((await ask(`DELETE ${people}/eva`)).status).toBe(403)
    expect((await ask(`DELETE ${people}/eva`, { as: 'operator.admin' })).status).toBe(204)
    const operators = { id: 'rut', name: 'Rut', roles: ['operator'] }
    expect((await ask('POST /v1/institutions/operator/people', { as: 'operator.admin', body: operators })).status).toBe(
      201,
    )
    expect((await ask('POST /v1/institutions/operator/people', { body: operators })).status).toBe(404)
  })
})
