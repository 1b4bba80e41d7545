import type { Decision } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

import type { Reply, Route } from '../http.ts'
import type { Answer } from './answer.ts'
import type { Desk, RequestCall } from './call.ts'
import { parseJson } from './json.ts'
import { httpLimits } from './limits.ts'
import { isJson, type Prepared } from './prepared.ts'

export interface Arrived {
  readonly params: unknown
  readonly query: unknown
  readonly bytes: Buffer | undefined
}

/**
 * What happens to a request whose speaker is known and whose body has arrived: wait for the caller's own writes, authorise,
 * and only then look at what was sent.
 */
export async function answerOf(prepared: Prepared, call: RequestCall, arrived: Arrived): Promise<Answer> {
  const at = call.headers['unavez-at']
  if (at !== undefined) await reach(call.desk, at)
  call.bytes = arrived.bytes
  const body = readBody(prepared, call.headers['content-type'], arrived.bytes)
  const value = body.value === undefined && body.json && prepared.bodyOptional ? {} : body.value
  const deciding = authorise(prepared.route, call, { params: arrived.params, body: value })
  if (deciding instanceof Promise) await deciding
  if (body.problem !== undefined) throw body.problem
  prepared.checkParams?.(arrived.params)
  call.params = arrived.params
  call.query = prepared.readQuery === undefined ? arrived.query : prepared.readQuery(arrived.query)
  if (body.json) prepared.checkBody?.(value)
  call.body = value
  return answerFrom(await prepared.route.handle(call))
}

async function reach(desk: Desk, header: string | string[]): Promise<void> {
  const offset = typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined
  if (offset === undefined) {
    throw new Problem('header-invalid', { detail: { es: 'Unavez-At: un entero', en: 'Unavez-At: an integer' } })
  }
  if (!(await desk.control.reached(offset, httpLimits.atWaitMs))) throw new Problem('unavailable', { retryAfter: 1 })
}

interface Asked {
  readonly params: unknown
  readonly body: unknown
}

function authorise({ access }: Route, call: RequestCall, asked: Asked): Decision | Promise<Decision> | undefined {
  if ('open' in access) return undefined
  const params = asked.params as Readonly<Record<string, string>>
  call.target = access.on({ actor: call.actor, headers: call.headers, params, body: asked.body })
  return call.desk.authority.require(call.actor, access.action, call.target)
}

interface ReadBody {
  readonly value: unknown
  /** JSON, or nothing at all where the route expects JSON: what a schema can be held against. */
  readonly json: boolean
  /** Told after authorisation. */
  readonly problem?: Problem
}

function readBody({ consumes }: Prepared, contentType: string | undefined, bytes: Buffer | undefined): ReadBody {
  if (bytes === undefined || bytes.length === 0) return { value: undefined, json: true }
  const type = mediaTypeOf(contentType)
  if (!consumes.has(type) && !consumes.has('*/*')) {
    return { value: undefined, json: false, problem: new Problem('content-type-unsupported') }
  }
  if (!isJson(type)) return { value: bytes, json: false }
  try {
    return { value: parseJson(bytes), json: true }
  } catch (error) {
    if (error instanceof Problem) return { value: undefined, json: false, problem: error }
    throw error
  }
}

function mediaTypeOf(header: string | undefined): string {
  if (header === undefined || header === 'application/json') return header ?? ''
  const semicolon = header.indexOf(';')
  return (semicolon === -1 ? header : header.slice(0, semicolon)).trim().toLowerCase()
}

function answerFrom(reply: Reply): Answer {
  const { body, at, version, stream } = reply
  const headers =
    at === undefined && version === undefined
      ? reply.headers
      : {
          ...reply.headers,
          ...(at === undefined ? {} : { 'unavez-at': String(at) }),
          ...(version === undefined ? {} : { etag: `"${version}"` }),
        }
  const told = headers === undefined ? {} : { headers }
  if (stream !== undefined) return { status: reply.status ?? 200, ...told, stream }
  if (body === undefined) return { status: reply.status ?? 204, ...told }
  const status = reply.status ?? 200
  if (typeof body === 'string' || body instanceof Uint8Array) {
    return { status, contentType: 'text/plain; charset=utf-8', ...told, body }
  }
  return { status, contentType: 'application/json', ...told, body: JSON.stringify(body) }
}
