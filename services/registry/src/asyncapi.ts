import { Contract, jsonSchemaOf, sampleData } from '@unavez/contracts'
import { bus, type ContractState, type ContractVersionState } from '@unavez/policy'
import { changeTypes, type Language, type Text } from '@unavez/protocol'

import { publishedEvent, receivedEvent } from './asyncapi-envelope.ts'

export interface AsyncapiOptions {
  readonly publicUrl: string
  readonly language: Language
}

const contentType = 'application/cloudevents+json'

/**
 * AsyncAPI 3.0 of the published event types, as their newest version says: a channel each, on which the bus receives what an institution
 * publishes and sends what a subscription gets. Contracts of evidence are asked for, and not in it.
 */
export function asyncapiOf(contracts: readonly ContractState[], { publicUrl, language }: AsyncapiOptions): object {
  const described = contracts.flatMap((contract) => {
    const version = contract.versions.findLast(({ state }) => state === 'published')
    const isOver = contract.kind !== 'event' || contract.state === 'retired'
    return version === undefined || isOver ? [] : [describe(contract, version, { publicUrl, language })]
  })
  const all = (of: (one: Described) => object): object => Object.assign({}, ...described.map(of))
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Unavez',
      version: '0.1.0',
      description: texts.bus[language],
      externalDocs: { url: `${publicUrl}/openapi.json`, description: 'OpenAPI 3.1' },
    },
    defaultContentType: contentType,
    servers: { bus: serverAt(publicUrl) },
    channels: all(({ channels }) => channels),
    operations: all(({ operations }) => operations),
    components: {
      messages: all(({ messages }) => messages),
      schemas: all(({ schemas }) => schemas),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'POST /oauth/token' },
      },
    },
  }
}

interface Described {
  readonly channels: object
  readonly operations: object
  readonly messages: object
  readonly schemas: object
}

const texts = {
  bus: {
    es: 'Los tipos de evento que pasan por el bus. El bus recibe lo que una institución publica (POST /v1/events) y envía a cada suscripción los campos de su acuerdo.',
    en: 'The types of event that cross the bus. The bus receives what an institution publishes (POST /v1/events) and sends to each subscription the fields of its agreement.',
  },
  publish: { es: 'Publicar', en: 'Publish' },
  receive: { es: 'Recibir por una suscripción', en: 'Receive through a subscription' },
  deprecated: { es: 'Obsoleto; puede retirarse desde', en: 'Deprecated; it may be retired from' },
} as const satisfies Record<string, Text>

function serverAt(publicUrl: string): object {
  const { host, protocol, pathname } = new URL(publicUrl)
  return {
    host,
    protocol: protocol.slice(0, -1),
    ...(pathname === '/' ? {} : { pathname }),
    security: [ref('components', 'securitySchemes', 'bearer')],
  }
}

/** Types need no escaping in a JSON Pointer. */
const ref = (...path: readonly string[]): object => ({ $ref: `#/${path.join('/')}` })

/** One way in which events of a type pass: its message, the schema of its data, and what the bus does with it. */
interface Way {
  readonly name: string
  readonly schema: string
  readonly data: object
  readonly payload: object
  readonly action: 'send' | 'receive'
  readonly operation: string
  readonly summary: Text
  readonly examples?: readonly object[]
}

/** Nobody but the bus publishes its own events. What is received has the agreed fields alone, so none of them is sure to be there. */
function waysOf({ type, owner }: ContractState, contract: Contract, language: Language): readonly Way[] {
  const data = without(jsonSchemaOf(contract, language), '$schema', '$id')
  const agreed = `${type}.agreed`
  const received: Way = {
    name: `${type}.received`,
    schema: agreed,
    data: without(data, 'required'),
    payload: receivedEvent(type, schemaRef(agreed)),
    action: 'send',
    operation: `receive.${type}`,
    summary: texts.receive,
  }
  if (owner === bus.id) return [received]
  const published: Way = {
    name: `${type}.published`,
    schema: type,
    data,
    payload: publishedEvent(type, schemaRef(type)),
    action: 'receive',
    operation: `publish.${type}`,
    summary: texts.publish,
    examples: [{ payload: exampleOf(contract) }],
  }
  return [published, received]
}

function describe(state: ContractState, version: ContractVersionState, options: AsyncapiOptions): Described {
  const { type, domain, description } = state
  const { language } = options
  const ways = waysOf(state, new Contract(type, version.schema), language)
  const each = (entry: (way: Way) => readonly [name: string, of: object]): object => Object.fromEntries(ways.map(entry))
  const messages = each(({ name }) => [name, ref('components', 'messages', name)])
  return {
    channels: { [type]: { ...channelOf(state, version, options), messages } },
    operations: each(({ operation, action, summary, name }) => [
      operation,
      {
        action,
        channel: ref('channels', type),
        summary: summary[language],
        messages: [ref('channels', type, 'messages', name)],
      },
    ]),
    messages: each(({ name, payload, examples }) => [
      name,
      {
        name,
        title: description[language],
        contentType,
        payload,
        tags: [{ name: domain }],
        ...(examples === undefined ? {} : { examples }),
      },
    ]),
    schemas: each(({ schema, data }) => [schema, data]),
  }
}

function channelOf(
  { type, owner, domain, description, deprecation }: ContractState,
  { version }: ContractVersionState,
  { publicUrl, language }: AsyncapiOptions,
): object {
  const over = deprecation === undefined ? '' : ` ${texts.deprecated[language]} ${deprecation.sunset}.`
  return {
    address: type,
    title: description[language],
    description: `${description[language]}.${over}`,
    servers: [ref('servers', 'bus')],
    tags: [{ name: domain }, ...(deprecation === undefined ? [] : [{ name: 'deprecated' }])],
    externalDocs: { url: `${publicUrl}/v1/contracts/${type}` },
    'x-owner': owner,
    'x-version': version,
  }
}

const schemaRef = (name: string): object => ref('components', 'schemas', name)

const without = (schema: object, ...names: readonly string[]): object =>
  Object.fromEntries(Object.entries(schema).filter(([name]) => !names.includes(name)))

const exampleOf = (contract: Contract): object => ({
  specversion: '1.0',
  id: '018f0000-0000-7000-8000-000000000000',
  source: 'urn:unavez:pa:institution:system',
  type: contract.type,
  time: '2026-01-15T13:30:00Z',
  occurredat: '2026-01-15T13:00:00Z',
  changetype: changeTypes[0],
  datacontenttype: 'application/json',
  data: sampleData(contract),
})
