import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { OpenBus } from '@unavez/service-kit/testing'
import Type from 'typebox'
import Value from 'typebox/value'

import { registry } from '../src/index.ts'
import { contractIn, institutions } from './birth-contract.ts'
import { openBus } from './open-bus.ts'

const component = '^[a-zA-Z0-9._-]+$'
const strict = { additionalProperties: false }
const text = Type.Optional(Type.String())
const reference = (path: string) =>
  Type.Object({ $ref: Type.String({ pattern: `^#/${path}/[a-zA-Z0-9._/-]+$` }) }, strict)
const named = Type.Array(Type.Object({ name: Type.String() }))
const docs = Type.Optional(Type.Object({ url: Type.String({ format: 'uri' }), description: text }, strict))

/** What AsyncAPI 3.0.0 demands of the objects that the document has, and no member that it does not know but extensions. */
const asyncapi = Type.Object(
  {
    asyncapi: Type.Literal('3.0.0'),
    info: Type.Object({ title: Type.String(), version: Type.String(), description: text, externalDocs: docs }, strict),
    defaultContentType: Type.String(),
    servers: Type.Record(
      Type.String({ pattern: component }),
      Type.Object(
        { host: Type.String(), protocol: Type.String(), pathname: text, security: Type.Array(reference('components')) },
        strict,
      ),
    ),
    channels: Type.Record(
      Type.String({ pattern: component }),
      Type.Object(
        {
          address: Type.String(),
          title: text,
          description: text,
          messages: Type.Record(Type.String({ pattern: component }), reference('components/messages')),
          servers: Type.Array(reference('servers')),
          tags: named,
          externalDocs: docs,
          'x-owner': Type.String(),
          'x-version': Type.Integer(),
        },
        strict,
      ),
    ),
    operations: Type.Record(
      Type.String({ pattern: component }),
      Type.Object(
        {
          action: Type.Enum(['send', 'receive']),
          channel: reference('channels'),
          summary: text,
          messages: Type.Array(reference('channels'), { minItems: 1 }),
        },
        strict,
      ),
    ),
    components: Type.Object(
      {
        messages: Type.Record(
          Type.String({ pattern: component }),
          Type.Object(
            {
              name: Type.String(),
              title: text,
              contentType: Type.String(),
              payload: Type.Object({ type: Type.Literal('object') }),
              tags: named,
              examples: Type.Optional(Type.Array(Type.Object({ payload: Type.Object({}) }, strict))),
            },
            strict,
          ),
        ),
        schemas: Type.Record(Type.String({ pattern: component }), Type.Object({ type: Type.Literal('object') })),
        securitySchemes: Type.Record(Type.String({ pattern: component }), Type.Object({ type: Type.Literal('http') })),
      },
      strict,
    ),
  },
  strict,
)

const birth = contractIn('civil')
let bus: OpenBus
beforeAll(async () => {
  bus = await openBus(registry, institutions)
  const te = bus.as('te.registro')
  await te('POST /v1/contracts', birth)
  await te(`POST /v1/contracts/${birth.type}/publish`)
  await te('POST /v1/contracts', contractIn('drafts'))
})
afterAll(() => bus?.close())

async function document(language = 'en'): Promise<Record<string, unknown>> {
  const answer = await fetch(`${bus.url}/asyncapi.json`, { headers: { 'accept-language': language } })
  expect(answer.status).toBe(200)
  return (await answer.json()) as Record<string, unknown>
}

/** Every reference in it, and what each leads to. */
function references(whole: unknown): readonly (readonly [string, unknown])[] {
  const within = (node: unknown): readonly (readonly [string, unknown])[] => {
    if (typeof node !== 'object' || node === null) return []
    const own = '$ref' in node && typeof node.$ref === 'string' ? [[node.$ref, at(node.$ref)] as const] : []
    return [...own, ...Object.values(node).flatMap(within)]
  }
  const at = (pointer: string): unknown =>
    pointer
      .slice(2)
      .split('/')
      .reduce<unknown>((node, name) => Reflect.get(Object(node), name), whole)
  return within(whole)
}

describe('GET /asyncapi.json', () => {
  test('is open, has the structure that AsyncAPI 3.0 demands, and every reference in it leads somewhere', async () => {
    const made = await document()
    expect([...Value.Errors(asyncapi, made)]).toEqual([])
    const dangling = references(made).filter(([, target]) => target === undefined)
    expect(dangling).toEqual([])
  })

  test('has a channel for each published event type: what the bus receives, and what it sends', async () => {
    const made = await document()
    const { channels, operations, components } = made as {
      channels: object
      operations: Record<string, object>
      components: { schemas: Record<string, object>; messages: Record<string, object> }
    }
    expect(Object.keys(channels)).toContain(birth.type)
    expect(Object.keys(channels)).not.toContain(contractIn('drafts').type)
    expect(operations[`publish.${birth.type}`]).toMatchObject({ action: 'receive' })
    expect(operations[`receive.${birth.type}`]).toMatchObject({ action: 'send' })
    expect(components.schemas[birth.type]).toMatchObject({ required: ['child', 'birthDate'] })
    expect(components.schemas[`${birth.type}.agreed`]).not.toHaveProperty('required')
    expect(components.messages[`${birth.type}.published`]).toMatchObject({
      examples: [{ payload: { type: birth.type, data: { child: expect.any(String) } } }],
    })
  })

  test('says of the bus’s own events that they are received only, and speaks the language asked for', async () => {
    const type = 'unavez.bus.key-expiring.v1'
    const { operations, channels } = (await document('es')) as Record<string, Record<string, object>>
    expect(operations).not.toHaveProperty([`publish.${type}`])
    expect(operations).toHaveProperty([`receive.${type}`])
    expect(channels?.[type]).toMatchObject({ title: 'Aviso: una clave vencerá pronto', 'x-owner': 'unavez' })
  })

  test('tells of a deprecation, and drops what is retired', async () => {
    const te = bus.as('te.registro')
    await te(`POST /v1/contracts/${birth.type}/deprecate`, { sunset: '2090-01-01T00:00:00Z' })
    const { channels } = (await document()) as { channels: Record<string, object> }
    expect(channels[birth.type]).toMatchObject({
      description: expect.stringContaining('2090-01-01'),
      tags: [{ name: 'civil' }, { name: 'deprecated' }],
    })
    await te(`POST /v1/contracts/${birth.type}/retire`, {})
    expect(await document()).not.toHaveProperty(['channels', birth.type])
  })
})
