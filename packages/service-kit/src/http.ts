import type { Action, Actor, Decision, Target } from '@unavez/policy'
import type { Language, Problem, ProblemDocument } from '@unavez/protocol'
import type { Static, TSchema } from 'typebox'

import type { Outcome, Submission } from './control.ts'
import type { Session } from './http/session.ts'

/** Where services put their routes. */
export interface Http {
  route<P extends TSchema, Q extends TSchema, B extends TSchema>(route: Route<P, Q, B>): void
}

/** Before the body is looked at: a token or none, and which action on what is asked. The tenant-isolation test is generated from it. */
export type Access =
  | { readonly open: true; readonly why: string }
  | { readonly action: Action; readonly on: (request: AccessRequest) => Target }

export interface AccessRequest {
  readonly actor: Actor
  readonly params: Readonly<Record<string, string>>
  readonly headers: Call['headers']
  /** The parsed JSON body, not validated yet: look, don't trust. */
  readonly body: unknown
}

export interface Route<P extends TSchema = TSchema, Q extends TSchema = TSchema, B extends TSchema = TSchema> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `/v1/agreements/:id/approve` */
  readonly url: string
  /** The service that answers it; becomes the route table of a proxy. */
  readonly owner: string
  readonly summary: string
  readonly access: Access
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  /** Content types of the body; application/json unless told. */
  readonly consumes?: readonly string[]
  /** A GET that changes something: HEAD, by which links are only looked at, is not answered. */
  readonly acts?: true
  /** A system's read key opens it too: it only reads the registry. */
  readonly readKey?: true
  /** Largest body in bytes; `apiLimits.bodyBytes` unless told. */
  readonly bodyLimit?: number
  readonly replies?: Readonly<Record<number, TSchema>>
  /** How a problem is told where a standard wants another shape than RFC 9457. Status and other headers stay. */
  readonly tell?: (problem: Problem, language: Language) => ToldProblem
  handle(call: Call<P, Q, B>): Promise<Reply> | Reply
}

export interface ToldProblem {
  readonly contentType: string
  readonly body: object
}

export interface Call<P extends TSchema = TSchema, Q extends TSchema = TSchema, B extends TSchema = TSchema> {
  /** Who speaks. `{institution: '', system: ''}` on open routes. */
  readonly actor: Actor
  /** Of a person who speaks by a cookie. */
  readonly session: Session | undefined
  readonly params: Static<P>
  readonly query: Static<Q>
  readonly body: Static<B>
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly language: Language
  /** W3C trace context of this request: the caller's, continued, or a new one. */
  readonly traceparent: string
  readonly traceId: string
  readonly now: Date
  /** For what is decided elsewhere than on `control`: the command's id (the `Idempotency-Key` scoped to the speaker, else random) and a hash of the request it is bound to. */
  command(): { readonly id: string; readonly hash: string }
  /** Aborted when the client is gone or the host stops. */
  readonly gone: AbortSignal
  /** Asks policy and returns the yes; throws the Problem (403 with decision, 404 if hidden, 503 if stale) on a no. */
  authorize(action: Action, on: Target): Promise<Decision>
  /** The Problem that a refused decision becomes. */
  refusal(action: Action, on: Target, decision: Decision): Problem
  /** `control.submit` with command id, request hash and `by` filled in from the request; `If-Match` is checked against `match`'s version. */
  submit(decide: Submission['decide'], match?: string): Promise<Outcome>
}

export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** An object is sent as JSON, a string or Buffer as it is (set content-type). undefined: no body (204 unless told). */
  readonly body?: unknown
  /** Instead of a body: one that leaves while it is made (set content-type). */
  readonly stream?: Streamed
  /** A control write: its offset becomes `Unavez-At`. */
  readonly at?: number
  /** An aggregate: its version becomes the ETag. */
  readonly version?: number
}

export type Chunk = string | Uint8Array

/** An answer that leaves in chunks. What fails before the first of them is told like any other problem. */
export interface Streamed {
  /** Asked for the next chunk only when the client has taken what it was given; `return` is called when the client is gone. */
  readonly chunks: AsyncIterable<Chunk>
  /** The last chunk of one that fails: the status is on its way already, so the stream has to say it in its own format. */
  failed(problem: Problem, document: ProblemDocument): Chunk
}
