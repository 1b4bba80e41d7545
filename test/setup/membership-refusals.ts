import type { ReasonCode } from '@unavez/policy'
import { Client } from '@unavez/sdk'

import { type Asked } from './ask.ts'
import { newKey } from './bus.ts'
import type { Ground } from './governance-refusals.ts'
import type { Refused } from './reasons.ts'
import { change } from './session.ts'
import { birthType } from './world.ts'

const path = '/v1/agreements'

/** What systems, people and delegates are refused for. */
export function membershipRefusals(ground: () => Ground): Partial<Record<ReasonCode, () => Refused>> {
  return { ...systemRefusals(ground), ...personRefusals(ground), ...delegationRefusals(ground) }
}

/** A new institution with one system. */
async function joined({ world }: Ground, id: string): Promise<Client> {
  await world.institution(id)
  return world.system(id, 'main', ['consumer', 'administrator'])
}

function systemRefusals(ground: () => Ground): Partial<Record<ReasonCode, () => Refused>> {
  const key = newKey('next')
  const strange = (): Promise<Asked> =>
    ground()
      .people.bearer('te.unheard-of')
      .then((headers) => ({ path, headers }))
  return {
    'speaker-unknown': () => ({
      begin: strange,
      whoCanGrant: ['operator'],
      remedy: () =>
        ground()
          .world.system('te', 'unheard-of', ['consumer'])
          .then(() => undefined),
    }),
    'institution-pending': () => ({
      begin: async () => {
        const { bus, session, people } = ground()
        const json = { name: { es: 'Registro Público', en: 'Public Registry' }, country: 'PA' }
        const invited = { as: bus.operator, path: '/v1/institutions/registro-publico/invitations', json }
        const { code } = await session.done<{ code: string }>(invited)
        const enrolment = { code, name: 'Registro', jwks: { keys: [newKey().publicJwk] } }
        await session.done({ path: '/v1/enrolments', json: enrolment })
        // The bus itself gives it no token yet; another issuer may.
        return { path, headers: await people.bearer('registro-publico.main') }
      },
      whoCanGrant: ['operator'],
      remedy: () =>
        ground()
          .session.done(change(ground().bus.operator, '/v1/institutions/registro-publico/approve'))
          .then(() => undefined),
    }),
    'institution-left': () => ({
      begin: async () => {
        const leaving = await joined(ground(), 'ifarhu')
        await ground().session.done(change(leaving, '/v1/institutions/ifarhu/leave'))
        return { as: leaving, path }
      },
      whoCanGrant: ['ifarhu', 'operator'],
      remedy: async () => ({ as: await joined(ground(), 'ifarhu-nuevo'), path }),
    }),
    'key-not-valid': () => ({
      begin: async () => {
        const { session, world } = ground()
        const rotating = await world.system('css', 'rotating', ['consumer'])
        await rotating.token()
        const keys = '/v1/institutions/css/systems/rotating/keys'
        await session.done({ as: world.css, method: 'PUT', path: `${keys}/next`, json: { jwk: key.publicJwk } })
        await session.done({ as: world.css, method: 'DELETE', path: `${keys}/k1`, json: { reason: 'Lost' } })
        return { as: rotating, path }
      },
      whoCanGrant: ['css'],
      remedy: () => {
        const renewed = { url: ground().bus.url, clientId: 'css.rotating', key: key.privateJwk }
        return Promise.resolve({ as: new Client(renewed), path })
      },
    }),
  }
}

function personRefusals(ground: () => Ground): Partial<Record<ReasonCode, () => Refused>> {
  const ana = { id: 'ana', roles: ['desk'] } as const
  const signedIn = async (): Promise<Asked> => {
    const { bus, session, world, people } = ground()
    await people.add(session, world.css, ana)
    return { path, headers: { ...(await people.signIn(bus, ana.id)) } }
  }
  return {
    'person-removed': () => ({
      begin: async () => {
        const asked = await signedIn()
        const { session, world } = ground()
        await session.done({ as: world.css, method: 'DELETE', path: '/v1/institutions/css/people/ana' })
        return asked
      },
      whoCanGrant: ['css'],
      remedy: signedIn,
    }),
  }
}

function delegationRefusals(ground: () => Ground): Partial<Record<ReasonCode, () => Refused>> {
  let id: string
  let delegate: Client
  let principal: Client
  const onBehalf = (asked: Asked): Asked => ({
    ...asked,
    as: delegate,
    headers: { 'on-behalf-of': principal.clientId.split('.')[0] ?? '' },
  })
  const accepting = (as: Client): Asked => ({ as, method: 'POST', path: `/v1/delegations/${id}/accept` })
  async function proposed(): Promise<void> {
    const parties = { principal: principal.clientId.split('.')[0], delegate: delegate.clientId.split('.')[0] }
    const json = { ...parties, roles: ['consumer'], contracts: [birthType], until: '2030-01-01T00:00:00Z' }
    id = (await ground().session.done<{ id: string }>({ as: delegate, path: '/v1/delegations', json })).id
  }
  async function delegated(): Promise<undefined> {
    await proposed()
    await ground().session.done(accepting(principal))
  }
  return {
    'delegation-missing': () => ({
      begin: async () => {
        ;[principal, delegate] = [ground().world.css, await joined(ground(), 'aig')]
        return onBehalf({ path })
      },
      whoCanGrant: ['aig'],
      remedy: delegated,
    }),
    'delegation-scope': () => ({
      begin: async () => {
        ;[principal, delegate] = [ground().world.te, await joined(ground(), 'contraloria')]
        await delegated()
        return onBehalf(change(delegate, `${path}/${await ground().asked()}/approve`))
      },
      whoCanGrant: ['te'],
      remedy: async () => change(principal, `${path}/${await ground().asked()}/approve`),
    }),
    'principal-not-active': () => ({
      begin: async () => {
        ;[principal, delegate] = [await joined(ground(), 'mef'), await joined(ground(), 'tesoro')]
        await delegated()
        await ground().session.done(change(ground().bus.operator, '/v1/institutions/mef/suspend'))
        return onBehalf({ path })
      },
      whoCanGrant: ['operator'],
      remedy: () =>
        ground()
          .session.done(change(ground().bus.operator, '/v1/institutions/mef/resume'))
          .then(() => undefined),
    }),
    'party-only': () => ({
      begin: async () => {
        ;[principal, delegate] = [ground().world.css, await joined(ground(), 'defensoria')]
        await proposed()
        return accepting(ground().bus.operator)
      },
      whoCanGrant: ['css', 'defensoria'],
      remedy: () => Promise.resolve(accepting(principal)),
    }),
  }
}
