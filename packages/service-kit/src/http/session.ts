import { createHmac, timingSafeEqual } from 'node:crypto'

import type { Volatile } from '@unavez/engine'
import type { Actor } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

import type { Control } from '../control.ts'

/** A person who signed in. It names who speaks and nothing else: roles are read from policy at each call. */
export interface Session {
  readonly id: string
  readonly institution: string
  readonly person: string
  /** Which one of those that the person's id was given to, as policy counts them. */
  readonly appointment: number
  /** When the person signed in; renewing the session does not change it. Milliseconds since 1970, as the others. */
  readonly signedInMs: number
  readonly expiresMs: number
}

/** `__Host-` binds the cookie to this very origin; browsers take it over TLS only. */
export const sessionCookie = (publicUrl: string): string =>
  publicUrl.startsWith('https:') ? '__Host-unavez-session' : 'unavez-session'

const macOf = (key: Buffer, use: string, text: string): Buffer =>
  createHmac('sha256', key).update(`${use}\n${text}`).digest()

const same = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b)

/** base64url(JSON) `.` base64url(HMAC-SHA256). */
export function sealSession(key: Buffer, session: Session): string {
  const content = Buffer.from(JSON.stringify(session)).toString('base64url')
  return `${content}.${macOf(key, 'session', content).toString('base64url')}`
}

/** Undefined for what `sealSession` did not make with this key, and for what has expired. */
function openSession(key: Buffer, token: string, nowMs: number): Session | undefined {
  const [content = '', mac = '', ...more] = token.split('.')
  if (more.length > 0 || !same(Buffer.from(mac, 'base64url'), macOf(key, 'session', content))) return undefined
  const session: Session = JSON.parse(Buffer.from(content, 'base64url').toString('utf8'))
  return session.expiresMs > nowMs ? session : undefined
}

/** What a page of ours sends along with writes, and no other page can know. */
export const csrfOf = (key: Buffer, { id }: Session): string => macOf(key, 'csrf', id).toString('base64url')

export function cookieIn(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const equals = pair.indexOf('=')
    if (equals !== -1 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim()
  }
  return undefined
}

const overKey = (id: string): string => `session-over/${id}`

/** Ends a session on every instance. */
export async function endSession(volatile: Volatile, { id, expiresMs }: Session, nowMs: number): Promise<void> {
  const ttlMs = Math.max(1, expiresMs - nowMs)
  await volatile.claim(overKey(id), Buffer.from('1'), { ttlMs, kept: true })
}

/** Where `endSession` left word. */
export type EndedSessions = Pick<Volatile, 'get' | 'memory'>

export interface SessionsOptions {
  readonly key: Buffer
  readonly publicUrl: string
  readonly volatile: EndedSessions
  readonly control: Pick<Control, 'fresh' | 'policy'>
}

export interface Signed {
  readonly actor: Actor
  readonly session: Session
}

/** Who speaks by a cookie. */
export class Sessions {
  readonly #options: SessionsOptions

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  /** Undefined without the cookie. Throws Problem 'token-invalid', and 'csrf-token-invalid' for a write without its token. */
  signed(request: SignedRequest, nowMs: number): Signed | undefined {
    const { key, publicUrl } = this.#options
    const token = cookieIn(request.headers.cookie, sessionCookie(publicUrl))
    if (token === undefined) return undefined
    const session = openSession(key, token, nowMs)
    if (session === undefined) throw new Problem('token-invalid')
    if (request.method !== 'GET' && request.method !== 'HEAD') requireToken(csrfOf(key, session), request)
    const { institution, person } = session
    return { actor: Object.freeze({ institution, system: '', person }), session }
  }

  /**
   * Throws Problem 'token-invalid' once it was ended, if that could have been forgotten, and if the person's id was given to
   * someone else since.
   */
  async requireStanding({ id, signedInMs, institution, person, appointment }: Session): Promise<void> {
    const { volatile, control } = this.#options
    const [over, { since }] = await Promise.all([volatile.get(overKey(id)), volatile.memory(), control.fresh()])
    const latest = control.policy.members.person(institution, person)?.appointment ?? 0
    const isTheirs = appointment >= latest
    if (over !== undefined || signedInMs < since.getTime() || !isTheirs) throw new Problem('token-invalid')
  }
}

export interface SignedRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>> & { readonly cookie?: string | undefined }
}

function requireToken(expected: string, { headers }: SignedRequest): void {
  const given = headers['x-csrf-token']
  if (typeof given !== 'string' || !same(Buffer.from(given), Buffer.from(expected))) {
    throw new Problem('csrf-token-invalid')
  }
}
