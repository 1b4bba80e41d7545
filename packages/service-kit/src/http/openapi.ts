import { problems } from '@unavez/protocol'
import Type, { type TSchema } from 'typebox'

import type { Route } from '../http.ts'
import { isBodyOptional } from './prepared.ts'
import { propertiesOf } from './validation.ts'

const problemSchema = Type.Object({
  type: Type.String(),
  status: Type.Integer(),
  code: Type.Enum(Object.keys(problems)),
  title: Type.String(),
  detail: Type.Optional(Type.String()),
  instance: Type.Optional(Type.String()),
  pointer: Type.Optional(Type.String({ description: 'JSON Pointer of the fault' })),
  decision: Type.Optional(Type.String({ description: 'Explains itself at /v1/decisions/{id}' })),
  remedy: Type.Optional(Type.String()),
  whoCanGrant: Type.Optional(Type.Array(Type.String())),
  users: Type.Optional(Type.Array(Type.Object({}), { description: 'What uses it, and so stands in the way' })),
})

/** OpenAPI 3.1 of the routes: their TypeBox schemas are JSON Schema already. */
export function openapiOf(routes: readonly Route[], publicUrl: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const path = route.url.replaceAll(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) }
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Unavez', version: '0.1.0', description: 'Una sola vez: once-only exchange between institutions' },
    servers: [{ url: publicUrl }],
    security: [{ bearer: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'From POST /oauth/token' },
      },
      schemas: { Problem: problemSchema },
    },
  }
}

function operationOf(route: Route): object {
  const open = 'open' in route.access
  return {
    operationId: `${route.method.toLowerCase()} ${route.url}`
      .replaceAll(/[^A-Za-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, ''),
    summary: route.summary,
    tags: [route.owner],
    ...('action' in route.access ? { 'x-action': route.access.action } : {}),
    ...(open ? { security: [] } : {}),
    parameters: parametersOf(route),
    ...(route.body === undefined && route.consumes === undefined ? {} : { requestBody: requestBodyOf(route) }),
    responses: responsesOf(route),
  }
}

function parametersOf({ url, params, query }: Route): readonly object[] {
  const inPath = params === undefined ? {} : propertiesOf(params)
  const named = [...url.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: inPath[name] ?? { type: 'string' },
  }))
  if (query === undefined) return named
  const { required = [] } = query as { required?: readonly string[] }
  const asked = Object.entries(propertiesOf(query)).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(typeof schema.description === 'string' ? { description: schema.description } : {}),
    schema,
  }))
  return [...named, ...asked]
}

function requestBodyOf(route: Route): object {
  const { body, consumes = ['application/json'] } = route
  const schema: TSchema | Record<string, never> = body ?? {}
  return { required: !isBodyOptional(route), content: Object.fromEntries(consumes.map((type) => [type, { schema }])) }
}

function responsesOf({ replies = {} }: Route): object {
  const told = Object.entries(replies).map(([status, schema]) => [
    status,
    { description: status, content: { 'application/json': { schema } } },
  ])
  const fallback = told.length === 0 ? [['2XX', { description: 'Done' }]] : told
  return {
    ...Object.fromEntries(fallback),
    default: {
      description: 'A problem (RFC 9457)',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    },
  }
}
