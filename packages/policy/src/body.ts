import { isObject, isTime } from './envelope.ts'
import { type Fact, type FactOf, type FactType, systemRoles } from './facts.ts'

type Shape = (value: unknown) => boolean
type BodyOf<T extends FactType> = Omit<FactOf<T>, 'type' | 'aggregate'>
type Shapes = { readonly [T in FactType]: { readonly [Name in keyof Required<BodyOf<T>>]: Shape } }

const string: Shape = (value) => typeof value === 'string'
const integer: Shape = (value) => Number.isSafeInteger(value) && Number(value) >= 0
const anyObject: Shape = isObject
const time: Shape = isTime
const optional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || shape(value)
const oneOf =
  (...values: readonly unknown[]): Shape =>
  (value) =>
    values.includes(value)
const list =
  (item: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every((each) => item(each))

/** Exactly these properties: one that this code doesn't know may restrict what the fact allows, so it isn't ignored. */
const object =
  (properties: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    isObject(value) &&
    Object.keys(value).every((name) => Object.hasOwn(properties, name)) &&
    Object.entries(properties).every(([name, shape]) => shape(value[name]))

const text = object({ es: string, en: string })
const offsets = list(integer)
const backlog = oneOf('deliver', 'skip')
const key: Shape = (value) => isObject(value) && string(value['kid']) && string(value['kty'])
const reason = { reason: string }

const shapes: Shapes = {
  'institution-joined': {
    id: string,
    name: text,
    country: string,
    kind: optional(string),
    synthetic: optional(oneOf(true)),
  },
  'institution-suspended': reason,
  'institution-resumed': reason,
  'system-registered': {
    institution: string,
    id: string,
    name: string,
    roles: list(oneOf(...systemRoles)),
    keys: list(key),
  },
  'system-suspended': reason,
  'system-resumed': reason,
  'signing-key-added': { key },
  'contract-drafted': {
    contract: string,
    kind: oneOf('event', 'evidence'),
    domain: string,
    owner: string,
    retention: string,
    description: text,
    version: integer,
    schema: anyObject,
  },
  'contract-published': { version: integer, numbered: object({ sequence: oneOf('schema'), of: string }) },
  'agreement-requested': {
    id: string,
    consumer: string,
    owner: string,
    contract: string,
    version: integer,
    purpose: text,
    legalBasis: object({ kind: string, norm: string, article: optional(string) }),
    fields: list(string),
    validFrom: optional(time),
    validUntil: time,
  },
  'agreement-approved': reason,
  'agreement-rejected': reason,
  'agreement-suspended': reason,
  'agreement-resumed': { reason: string, backlog, skipTo: optional(offsets) },
  'agreement-ended': reason,
  'subscription-created': { id: string, agreement: string, consumer: string, mode: oneOf('pull'), start: offsets },
  'subscription-paused': { reason: optional(string) },
  'subscription-resumed': { backlog, skipTo: optional(offsets) },
  'subscription-ended': { reason: optional(string) },
}

const bodies = new Map(
  Object.entries(shapes).map(([type, properties]) => [
    type,
    object({ type: oneOf(type), aggregate: string, ...properties }),
  ]),
)

/** The fact, if this version of the code can read every part of it. */
export function readFact(body: Readonly<Record<string, unknown>>): Fact | undefined {
  return isFact(body) ? body : undefined
}

function isFact(body: unknown): body is Fact {
  if (!isObject(body) || typeof body['type'] !== 'string') return false
  return bodies.get(body['type'])?.(body) === true
}
