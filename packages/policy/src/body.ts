import { agreementShapes } from './agreement-body.ts'
import { isObject, isTime } from './envelope.ts'
import { compatibilities, type Fact, type FactOf, type FactType, systemRoles } from './facts.ts'
import { linkKinds } from './links.ts'
import { membershipShapes } from './membership-body.ts'
import { procedureShapes } from './procedure-body.ts'
import { anyObject, integer, list, object, oneOf, optional, publicKey, type Shape, string, text } from './shape.ts'
import { subscriptionShapes } from './subscription-body.ts'

type BodyOf<T extends FactType> = Omit<FactOf<T>, 'type' | 'aggregate'>
type Shapes = { readonly [T in FactType]: { readonly [Name in keyof Required<BodyOf<T>>]: Shape } }

const time: Shape = isTime
const reason = { reason: string }
const compatibility = oneOf(...compatibilities)
const evidence = object({
  validity: optional(string),
  staleOn: list(string),
  answerWithin: optional(string),
  previewRequired: oneOf(true, false),
  parameters: optional(anyObject),
  providers: optional(list(object({ institution: string, when: optional(anyObject) }))),
})

const shapes: Shapes = {
  ...membershipShapes,
  ...agreementShapes,
  ...procedureShapes,
  ...subscriptionShapes,
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
    keys: list(publicKey),
  },
  'system-suspended': reason,
  'system-resumed': reason,
  'signing-key-added': { key: publicKey },
  'contract-drafted': {
    contract: string,
    kind: oneOf('event', 'evidence'),
    domain: string,
    owner: string,
    retention: string,
    description: text,
    version: integer,
    schema: anyObject,
    compatibility: optional(compatibility),
    evidence: optional(evidence),
  },
  'contract-published': { version: integer, numbered: object({ sequence: oneOf('schema', 'bus-schema'), of: string }) },
  'contract-compatibility-set': { compatibility },
  'contract-deprecated': { since: time, sunset: time, reason: optional(string) },
  'contract-retired': { reason: optional(string) },
  'contract-used': {},
  'identifiers-linked': { kind: oneOf(...linkKinds), person: string, other: string },
  'identifiers-link-annulled': {},
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
