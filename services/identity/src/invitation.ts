import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

import { refuseIdentifier } from '@unavez/contracts'
import {
  type Contact,
  type Fact,
  type InvitationState,
  type Newcomer,
  type Policy,
  type PublicKey,
  operator,
  reservedInstitutions,
  type SystemRole,
} from '@unavez/policy'
import { Problem, type Text } from '@unavez/protocol'

import { clientIdOf, institutionAggregate, registerSystem, systemAggregate } from './system.ts'

const dayMs = 24 * 60 * 60 * 1000
export const invitationAggregate = (id: string): string => `invitation:${id}`

/** `<invitation>.<secret>`: the secret is made anew from the bus's key whenever its command is repeated, and kept nowhere. */
export const codeOf = (key: Buffer, id: string): string =>
  `${id}.${createHmac('sha256', key).update(id).digest('base64url')}`

const hashOf = (code: string): string => createHash('sha256').update(code).digest('base64url')

/** The invitation that a code opens, whatever its state; undefined for a code that is none. */
export function invitationFor(policy: Policy, code: string): InvitationState | undefined {
  const invitation = policy.members.invitation(code.slice(0, Math.max(0, code.indexOf('.'))))
  const same = invitation !== undefined && timingSafeEqual(Buffer.from(hashOf(code)), Buffer.from(invitation.codeHash))
  return same ? invitation : undefined
}

export interface Invite {
  readonly id: string
  readonly institution: string
  readonly code: string
  readonly system: string
  readonly roles?: readonly SystemRole[] | undefined
  readonly validDays: number
  /** What a new institution is to be; without it the institution must be there. */
  readonly newcomer?: Newcomer | undefined
}

/** Throws 'not-found' or 'body-invalid' without its institution, 'system-exists', 'institution-exists', 'state-conflict'. */
export function invite(policy: Policy, command: Invite, at: Date): readonly Fact[] {
  const { id, institution, code, system, validDays, newcomer } = command
  const there = policy.institution(institution)
  if (institution !== operator.id && reservedInstitutions.has(institution)) throw new Problem('institution-exists')
  if (there === undefined && newcomer === undefined) throw new Problem('body-invalid', { pointer: '/country' })
  if (there !== undefined && there.state !== 'active') throw new Problem('state-conflict')
  if (policy.system(clientIdOf(institution, system)) !== undefined) {
    throw new Problem('system-exists', { pointer: '/system' })
  }
  refuseIdentifier(institution, '/id')
  refuseIdentifier(system, '/system')
  if (newcomer?.name !== undefined) refuseText(newcomer.name, '/name')
  const first = policy.systemsOf(institution).length === 0
  const roles = command.roles ?? (first ? firstRoles : furtherRoles)
  return [
    {
      type: 'invitation-made',
      aggregate: invitationAggregate(id),
      id,
      institution,
      system,
      roles: [...new Set(roles)],
      codeHash: hashOf(code),
      until: new Date(at.getTime() + validDays * dayMs).toISOString(),
      ...(there === undefined && newcomer !== undefined ? { newcomer } : {}),
    },
  ]
}

const furtherRoles: readonly SystemRole[] = ['consumer', 'requester']
/** Somebody has to bind the institution. */
const firstRoles: readonly SystemRole[] = [...furtherRoles, 'administrator']

function refuseText({ es, en }: Text, pointer: string): void {
  refuseIdentifier(es, `${pointer}/es`)
  refuseIdentifier(en, `${pointer}/en`)
}

/** Throws 'not-found', 'identifier-in-clear', 'state-conflict' for one that is used or withdrawn. */
export function withdraw(state: InvitationState | undefined, reason: string): readonly Fact[] {
  if (state === undefined) throw new Problem('not-found')
  refuseIdentifier(reason, '/reason')
  if (state.state !== 'open') throw new Problem('state-conflict')
  return [{ type: 'invitation-withdrawn', aggregate: invitationAggregate(state.id), reason }]
}

export interface Enrol {
  readonly invitation: string
  readonly name: string
  readonly keys: readonly PublicKey[]
  readonly contact?: Contact | undefined
}

/**
 * Uses an invitation: its system is registered with the keys that were made where they stay. A new institution waits for the
 * operator's approval, any other system is active at once. Throws 'invitation-over'.
 */
export function enrol(policy: Policy, { invitation: id, name, keys, contact }: Enrol, at: Date): readonly Fact[] {
  const invitation = policy.members.invitation(id)
  if (invitation?.state !== 'open' || at.getTime() >= Date.parse(invitation.until)) throw new Problem('invitation-over')
  const { institution, system, roles, newcomer } = invitation
  const there = policy.institution(institution)
  if (newcomer === undefined ? there?.state !== 'active' : there !== undefined) throw new Problem('invitation-over')
  const aggregate = institutionAggregate(institution)
  const joined: readonly Fact[] = newcomer === undefined ? [] : [enrolled(institution, newcomer, name)]
  const host = there ?? {
    id: institution,
    name: { es: name, en: name },
    country: '',
    synthetic: false,
    state: 'pending',
  }
  const known = policy.system(clientIdOf(institution, system))
  return [
    { type: 'invitation-used', aggregate: invitationAggregate(id) },
    ...joined,
    ...contactsWith(aggregate, there?.contacts ?? [], contact),
    ...registerSystem({ institution: host, system: known }, { id: system, name, roles, keys }),
  ]
}

/** What `enrol` reads beside what its facts name. */
export const enrolmentReads = ({ id, institution, system }: InvitationState): readonly string[] => [
  invitationAggregate(id),
  institutionAggregate(institution),
  systemAggregate(institution, system),
]

function enrolled(id: string, { country, name, kind }: Newcomer, called: string): Fact {
  return {
    type: 'institution-enrolled',
    aggregate: institutionAggregate(id),
    id,
    name: name ?? { es: called, en: called },
    country,
    ...(kind === undefined ? {} : { kind }),
  }
}

/** Who enrols a system replaces no contact that the institution has. */
function contactsWith(aggregate: string, known: readonly Contact[], contact: Contact | undefined): readonly Fact[] {
  if (contact === undefined || known.some(({ role }) => role === contact.role)) return []
  for (const field of ['name', 'email', 'phone'] as const) refuseIdentifier(contact[field] ?? '', `/contact/${field}`)
  return [{ type: 'institution-contacts-set', aggregate, contacts: [...known, contact] }]
}
