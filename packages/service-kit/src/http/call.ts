import { createHash, randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'

import { findIdentifier } from '@unavez/contracts'
import { type Action, type Actor, type Decision, speakerAggregates, type Target } from '@unavez/policy'
import { type Language, Problem } from '@unavez/protocol'

import type { Clock } from '../clock.ts'
import type { Control, Outcome, Submission } from '../control.ts'
import type { Call, Route } from '../http.ts'
import type { Authority } from './authority.ts'
import { languageOf } from './language.ts'
import type { Session } from './session.ts'
import { byOf, speakerName } from './speaking.ts'
import { traceIdOf, type Tracing } from './trace.ts'

/** What all requests of one server share. */
export interface Desk {
  readonly control: Control
  readonly clock: Clock
  readonly authority: Authority
  readonly tracing: Tracing
  /** Aborted when the host stops. */
  readonly waiting: Set<AbortController>
}

export interface RequestParts {
  readonly desk: Desk
  readonly route: Route
  readonly method: string
  /** Path and query as sent. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly response: ServerResponse
}

const nobody: Actor = Object.freeze({ institution: '', system: '' })
const idempotencyKey = /^[\x21-\x7e]{1,128}$/
const etag = /^"(\d{1,15})"$/

/** One request. What few routes need is made when it is asked for. */
export class RequestCall implements Call {
  actor = nobody
  /** Of a person who speaks by a cookie. */
  session: Session | undefined = undefined
  params: unknown = undefined
  query: unknown = undefined
  body: unknown = undefined
  /** The bytes of the body, for the hash that the command id is bound to. */
  bytes: Buffer | undefined = undefined
  /** What the route's access rule asked about. */
  target: Target | undefined = undefined
  readonly now: Date
  readonly headers: IncomingHttpHeaders
  readonly begunMs: number
  readonly response: ServerResponse
  readonly route: Route
  readonly method: string
  readonly desk: Desk
  readonly #url: string
  #traceparent: string | undefined
  #gone: AbortController | undefined

  constructor(parts: RequestParts) {
    this.desk = parts.desk
    this.#url = parts.url
    this.headers = parts.headers
    this.response = parts.response
    this.route = parts.route
    this.method = parts.method
    this.now = parts.desk.clock.now()
    this.begunMs = performance.now()
  }

  /** The same object for all requests of one connection. */
  get connection(): object {
    return this.response.socket ?? this.response
  }

  get language(): Language {
    return languageOf(this.headers['accept-language'])
  }

  get traceparent(): string {
    this.#traceparent ??= this.desk.tracing.traceparent(this.headers['traceparent'])
    return this.#traceparent
  }

  get traceId(): string {
    return traceIdOf(this.traceparent)
  }

  get gone(): AbortSignal {
    if (this.#gone !== undefined) return this.#gone.signal
    const controller = new AbortController()
    this.#gone = controller
    const { waiting } = this.desk
    if (this.response.destroyed) controller.abort()
    waiting.add(controller)
    this.response.once('close', () => {
      waiting.delete(controller)
      controller.abort()
    })
    return controller.signal
  }

  async authorize(action: Action, on: Target): Promise<Decision> {
    return this.desk.authority.require(this.actor, action, on)
  }

  refusal(action: Action, on: Target, decision: Decision): Problem {
    return this.desk.authority.refusal(this.actor, on, { ...decision, action })
  }

  command(): { readonly id: string; readonly hash: string } {
    return { id: `${speakerName(this.actor)}/${this.#commandKey()}`, hash: this.#requestHash() }
  }

  async submit(decide: Submission['decide'], match?: string): Promise<Outcome> {
    const { control } = this.desk
    const expected = match === undefined ? undefined : this.#expectedVersion()
    const command = this.command()
    return control.submit({
      command: command.id,
      hash: command.hash,
      by: byOf(this.actor),
      traceparent: this.traceparent,
      decide: (policy, at) => {
        const standing = this.#stillAllowed(policy, at)
        if (match !== undefined && expected !== undefined && !expected(policy.version(match))) {
          throw new Problem('precondition-failed')
        }
        const { facts, reads } = decide(policy, at)
        return { facts, reads: [...reads, ...standing, ...(match === undefined ? [] : [match])] }
      },
    })
  }

  /** A command counts only if its speaker may still give it where it lands in the log: asked again, and its aggregates read. */
  #stillAllowed(policy: Control['policy'], at: Date): readonly string[] {
    const { access } = this.route
    if ('open' in access || this.target === undefined) return []
    const { actor, target: on } = this
    this.desk.authority.requireOf(policy, { actor, action: access.action, on }, at)
    return speakerAggregates(policy, actor, at)
  }

  #commandKey(): string {
    const key = this.headers['idempotency-key']
    if (key === undefined) return randomUUID()
    if (typeof key !== 'string' || !idempotencyKey.test(key) || findIdentifier(key) !== undefined) {
      throw new Problem('header-invalid', {
        detail: {
          es: 'Idempotency-Key: de 1 a 128 caracteres ASCII visibles, sin identificador nacional',
          en: 'Idempotency-Key: 1 to 128 visible ASCII characters, without a national identifier',
        },
      })
    }
    return key
  }

  /** SHA-256 of method, path and body bytes. */
  #requestHash(): string {
    const url = this.#url
    const question = url.indexOf('?')
    const hash = createHash('sha256').update(`${this.method} ${question === -1 ? url : url.slice(0, question)}\n`)
    return hash.update(this.bytes ?? '').digest('base64url')
  }

  /** RFC 9110: a list of ETags, or `*` for anything that exists. */
  #expectedVersion(): ((version: number) => boolean) | undefined {
    const header = this.headers['if-match']
    if (header === undefined) return undefined
    if (header.trim() === '*') return (version) => version > 0
    const versions = new Set(header.split(',').map((one) => Number(etag.exec(one.trim())?.[1] ?? -1)))
    return (version) => versions.has(version)
  }
}
