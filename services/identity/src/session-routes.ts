import type { PersonState } from '@unavez/policy'
import { Problem, type Text } from '@unavez/protocol'
import { cookieIn, endSession, type Reply, sessionCookie, type Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { Oidc } from './oidc.ts'
import { loginOf } from './person.ts'
import { begin, ownPath, setCookie, told } from './sign-in.ts'

const owner = 'identity'
const path = '/v1/session'
const loginCookie = 'unavez-login'
const loginSeconds = 600
const publicly = { open: true, why: 'it is where people sign in' } as const

const loginQuery = Type.Object({
  returnTo: Type.Optional(Type.String({ maxLength: 500, description: 'A path of this bus' })),
  institution: Type.Optional(Type.String({ maxLength: 64, description: 'For who acts for several' })),
})

/** People sign in at the identity provider; the bus keeps no password. */
export function sessionRoutes(surroundings: Surroundings): void {
  const { settings, keys } = surroundings
  const redirectUri = `${settings.publicUrl}${path}/callback`
  const oidc = settings.oidc && new Oidc({ settings: settings.oidc, redirectUri, key: keys.of('session') })
  loginRoute(surroundings, oidc)
  callbackRoute(surroundings, oidc)
  sessionRoute(surroundings)
  logoutRoute(surroundings)
}

function loginRoute({ http, settings, clock, log }: Surroundings, oidc: Oidc | undefined): void {
  http.route({
    method: 'GET',
    url: `${path}/login`,
    owner,
    summary: 'Send a person to the identity provider',
    access: publicly,
    query: loginQuery,
    async handle({ query: { returnTo, institution } }) {
      if (oidc === undefined) throw new Problem('sign-in-failed', { detail: nowhere })
      const wish = { returnTo: ownPath(returnTo), ...(institution === undefined ? {} : { institution }) }
      const { url, cookie } = await oidc.begin(wish, clock.now().getTime()).catch((error: unknown) => {
        log.warn({ reason: reasonOf(error) }, 'the identity provider can not be reached')
        throw new Problem('unavailable', { retryAfter: 5 })
      })
      const kept = { name: loginCookie, value: cookie, path, seconds: loginSeconds }
      return { status: 303, headers: { location: url, 'set-cookie': setCookie(settings.publicUrl, kept) } }
    },
  })
}

function callbackRoute(surroundings: Surroundings, oidc: Oidc | undefined): void {
  surroundings.http.route({
    method: 'GET',
    url: `${path}/callback`,
    owner,
    summary: 'Where the identity provider sends a person back',
    access: publicly,
    query: Type.Record(Type.String(), Type.String({ maxLength: 4096 })),
    async handle({ query, headers }) {
      const { clock, control, keys, log } = surroundings
      const cookie = cookieIn(headers['cookie']?.toString(), loginCookie)
      if (oidc === undefined || cookie === undefined) throw new Problem('sign-in-failed', { detail: notBegun })
      const answer = new URLSearchParams(query)
      const identified = await oidc.finish(cookie, answer, clock.now().getTime()).catch((error: unknown) => {
        log.warn({ reason: reasonOf(error) }, 'a sign-in was refused')
        throw new Problem('sign-in-failed')
      })
      await control.fresh()
      const { returnTo, institution } = identified
      const named = control.policy.members.peopleByLogin(loginOf(keys.of('login'), identified.login))
      const person = chosen(named, institution)
      if (person === undefined) throw new Problem('sign-in-failed', { detail: unknownPerson })
      return begin(surroundings, { institution: person.institution, person: person.id, returnTo })
    },
  })
}

const chosen = (people: readonly PersonState[], institution: string | undefined): PersonState | undefined =>
  institution === undefined ? people[0] : people.find((person) => person.institution === institution)

function sessionRoute(surroundings: Surroundings): void {
  surroundings.http.route({
    method: 'GET',
    url: path,
    owner,
    summary: 'Who is signed in, with the X-CSRF-Token that writes carry',
    access: { action: 'speak', on: () => ({ kind: 'bus' }) },
    handle({ session }): Reply {
      if (session === undefined) throw new Problem('not-found')
      return told(surroundings, session)
    },
  })
}

function logoutRoute({ http, engine, settings, clock }: Surroundings): void {
  http.route({
    method: 'POST',
    url: `${path}/logout`,
    owner,
    summary: 'End the session, everywhere',
    access: { action: 'speak', on: () => ({ kind: 'bus' }) },
    async handle({ session }) {
      if (session === undefined) throw new Problem('not-found')
      await endSession(engine.volatile, session, clock.now().getTime())
      const gone = { name: sessionCookie(settings.publicUrl), value: '', path: '/', seconds: 0 }
      return { status: 204, headers: { 'set-cookie': setCookie(settings.publicUrl, gone) } }
    },
  })
}

/** The library's own words: they name no one. */
const reasonOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown')

const nowhere: Text = {
  es: 'Este bus no tiene proveedor de identidad (OIDC_ISSUER)',
  en: 'This bus has no identity provider (OIDC_ISSUER)',
}
const notBegun: Text = {
  es: 'No empezó en este navegador; comience en /v1/session/login',
  en: 'It did not begin in this browser; start at /v1/session/login',
}
const unknownPerson: Text = {
  es: 'Ninguna institución la registró con ese nombre de acceso',
  en: 'No institution has added this person with that login',
}
