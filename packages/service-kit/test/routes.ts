import { Problem } from '@unavez/protocol'
import Type from 'typebox'

import { type Http, listQuery, shapes } from '../src/index.ts'
import { type OpenHttp, tokenOf } from './open-http.ts'

export const cedula = '8-123-4567'

/** Calls waited for by `/open/wait`, and how often the notes' route was reached. */
export class Seen {
  handled = 0
  readonly gone = Promise.withResolvers<string>()
}

/** One route of each kind. */
export function addRoutes(http: Http, seen: Seen): void {
  http.route({
    method: 'POST',
    url: '/v1/institutions/:id/notes',
    owner: 'test',
    summary: 'Write a note',
    access: { action: 'register-system', on: ({ params }) => ({ kind: 'institution', id: params['id'] ?? '' }) },
    params: Type.Object({ id: shapes.id }),
    query: Type.Object({ ...listQuery, loud: Type.Optional(Type.Boolean()) }, { additionalProperties: false }),
    body: Type.Object(
      { text: shapes.text, size: Type.Optional(Type.Integer()), kind: Type.Optional(Type.Enum(['a', 'b'])) },
      { additionalProperties: false },
    ),
    handle: (call) => {
      seen.handled++
      return {
        status: 201,
        body: { ...call.actor, query: call.query, size: call.body.size ?? null },
        version: 7,
        at: 3,
      }
    },
  })
  http.route({
    method: 'GET',
    url: '/v1/me',
    owner: 'test',
    summary: 'Who speaks',
    access: { action: 'speak', on: () => ({ kind: 'bus' }) },
    handle: ({ actor, traceparent }) => ({ body: { ...actor, traceparent } }),
  })
  http.route({
    method: 'POST',
    url: '/v1/suspensions/:id',
    owner: 'test',
    summary: 'Suspend',
    access: { action: 'speak', on: () => ({ kind: 'bus' }) },
    handle: async (call) => {
      const aggregate = `institution:${call.params === null ? '' : (call.params as { id: string }).id}`
      const outcome = await call.submit(
        () => ({ facts: [{ type: 'institution-suspended', aggregate, reason: 'test' }], reads: [] }),
        aggregate,
      )
      return { body: {}, at: outcome.offset }
    },
  })
  http.route({
    method: 'GET',
    url: '/open/:what',
    owner: 'test',
    summary: 'Fails in several ways',
    access: { open: true, why: 'a test' },
    handle: async (call) => {
      const { what } = call.params as { what: string }
      if (what === 'bug') throw new TypeError(`cannot read ${cedula}`)
      if (what === 'problem') throw new Problem('overloaded', { retryAfter: 2 })
      if (what === 'wait') {
        await new Promise((resolve) => call.gone.addEventListener('abort', resolve))
        seen.gone.resolve('yes')
      }
      return { body: 'text' }
    },
  })
}

export const note = { text: { es: 'a', en: 'b' } }

export interface Post {
  readonly body: unknown
  readonly headers?: Record<string, string>
  readonly path?: string
}

export function post(
  bus: OpenHttp,
  { body, headers = {}, path = '/v1/institutions/te/notes' }: Post,
): Promise<Response> {
  return fetch(bus.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenOf('te.registro')}`, 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
  })
}

export const problemOf = async (response: Response) =>
  (await response.json()) as { code: string; title: string; pointer?: string; decision?: string; instance: string }
