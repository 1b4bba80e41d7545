import { isTime } from './envelope.ts'
import { contactRoles, delegableRoles, type MembershipFact, personRoles } from './membership.ts'
import { list, object, oneOf, optional, publicKey, type Shape, string, text } from './shape.ts'
import { systemRoles } from './facts.ts'
import { endpointAuthKinds } from './subscription-facts.ts'

type FactOf<T extends MembershipFact['type']> = Omit<Extract<MembershipFact, { type: T }>, 'type' | 'aggregate'>
type Shapes = { readonly [T in MembershipFact['type']]: { readonly [Name in keyof Required<FactOf<T>>]: Shape } }

const reason = { reason: string }
const kind = optional(string)
const roles = list(oneOf(...personRoles))

export const membershipShapes: Shapes = {
  'institution-enrolled': { id: string, name: text, country: string, kind },
  'institution-approved': reason,
  'institution-left': reason,
  'institution-contacts-set': {
    contacts: list(object({ role: oneOf(...contactRoles), name: string, email: string, phone: optional(string) })),
  },
  'system-key-added': { key: publicKey, notAfter: optional(isTime) },
  'system-key-limited': { kid: string, notAfter: isTime },
  'system-key-revoked': { kid: string, reason: optional(string) },
  'system-endpoint-set': {
    endpoint: object({ url: string, auth: oneOf(...endpointAuthKinds), sealed: optional(string) }),
  },
  'read-key-made': { id: string, hash: string },
  'read-key-revoked': { id: string },
  'invitation-made': {
    id: string,
    institution: string,
    system: string,
    roles: list(oneOf(...systemRoles)),
    codeHash: string,
    until: isTime,
    newcomer: optional(object({ country: string, name: optional(text), kind })),
  },
  'invitation-used': {},
  'invitation-withdrawn': reason,
  'person-added': { institution: string, id: string, name: string, roles, login: optional(string) },
  'person-changed': { name: optional(string), roles: optional(roles), login: optional(string) },
  'person-removed': reason,
  'delegation-proposed': {
    id: string,
    principal: string,
    delegate: string,
    roles: list(oneOf(...delegableRoles)),
    contracts: list(string),
    until: isTime,
    proposer: string,
  },
  'delegation-accepted': {},
  'delegation-ended': reason,
}
