import { randomBytes } from 'node:crypto'

import { csrfOf, type Reply, sealSession, type Session, sessionCookie, type Surroundings } from '@unavez/service-kit'

const sessionLimits = {
  /** A cookie's life; renewed while the page is in use. Milliseconds. */
  cookieMs: 60 * 60 * 1000,
  /** After which the person signs in again, whatever is in use. Milliseconds. */
  sessionMs: 10 * 60 * 60 * 1000,
} as const

/** Only our own paths: never another origin. */
export const ownPath = (path: string | undefined): string =>
  path !== undefined && path.length <= 500 && /^\/(?![/\\])[\x21-\x7e]*$/.test(path) && !path.includes('\\')
    ? path
    : '/'

export interface SignedIn {
  readonly institution: string
  readonly person: string
  readonly returnTo: string
}

/** Begins a session that did not exist before: whatever cookie the browser came with counts no more. */
export async function begin(surroundings: Surroundings, { institution, person, returnTo }: SignedIn): Promise<Reply> {
  const { engine, control, clock } = surroundings
  // What remembers the log-outs has to have begun before the session: a session that is older counts as forgotten.
  const { since } = await engine.volatile.memory()
  const nowMs = Math.max(clock.now().getTime(), since.getTime())
  const session: Session = {
    id: randomBytes(16).toString('base64url'),
    institution,
    person,
    appointment: control.policy.members.person(institution, person)?.appointment ?? 0,
    signedInMs: nowMs,
    expiresMs: nowMs + sessionLimits.cookieMs,
  }
  return { status: 303, headers: { location: ownPath(returnTo), 'set-cookie': cookieOf(surroundings, session) } }
}

function cookieOf({ settings, keys, clock }: Surroundings, session: Session): string {
  const seconds = Math.max(0, Math.ceil((session.expiresMs - clock.now().getTime()) / 1000))
  return setCookie(settings.publicUrl, {
    name: sessionCookie(settings.publicUrl),
    value: sealSession(keys.of('session'), session),
    path: '/',
    seconds,
  })
}

interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: string
  readonly seconds: number
}

export const setCookie = (publicUrl: string, { name, value, path, seconds }: Cookie): string =>
  [
    `${name}=${value}`,
    `Path=${path}`,
    `Max-Age=${seconds}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(publicUrl.startsWith('https:') ? ['Secure'] : []),
  ].join('; ')

/** What a page needs to know of who uses it, with the token that its writes carry; renews the cookie. */
export function told(surroundings: Surroundings, session: Session): Reply {
  const { control, keys, clock } = surroundings
  const person = control.policy.members.person(session.institution, session.person)
  const end = Math.min(clock.now().getTime() + sessionLimits.cookieMs, session.signedInMs + sessionLimits.sessionMs)
  const renewed = { ...session, expiresMs: Math.max(session.expiresMs, end) }
  return {
    headers: { 'set-cookie': cookieOf(surroundings, renewed) },
    body: {
      institution: session.institution,
      person: session.person,
      name: person?.name ?? session.person,
      roles: person?.roles ?? [],
      csrfToken: csrfOf(keys.of('session'), session),
      expiresAt: new Date(renewed.expiresMs).toISOString(),
    },
  }
}
