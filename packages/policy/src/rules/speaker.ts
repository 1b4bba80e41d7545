import { keyStands } from '../aggregates/system.ts'
import type { PersonRole, PersonState } from '../membership.ts'
import type { SystemRole } from '../facts.ts'
import { bus, operator, unchanging } from '../operator.ts'
import type { Policy } from '../policy.ts'
import type { Action, Actor, Question, Target } from '../question.ts'
import type { InstitutionState, SystemState } from '../state.ts'
import { type Refusal, refuse, type Speaker, tooNew, yes } from './asked.ts'

type Spoken = Speaker | readonly Refusal[]

/** Who speaks, if it and its institution are known, readable and active; under a delegation, with what was passed on to it. */
export function speakerOf(policy: Policy, question: Question, at: Date): Spoken {
  const { actor } = question
  if (question.action === 'deliver') return recipientOf(policy, question, at)
  const institution = policy.institution(actor.institution)
  if (institution === undefined && policy.opaque(`institution:${actor.institution}`)) return tooNew
  const speaker = actor.person === undefined ? systemOf(policy, actor) : personOf(policy, actor)
  if (!('roles' in speaker)) return speaker
  if (institution === undefined || speaker.institution !== institution.id) return unknown
  const idle = inactive(institution)
  if (idle.length > 0) return idle
  const silenced = 'keys' in speaker ? silence(speaker, actor, at) : yes
  if (silenced.length > 0) return silenced
  return actor.onBehalfOf === undefined ? speaker : onBehalf(policy, speaker, { ...question, at })
}

const unknown = refuse('speaker-unknown', operator.id)

function systemOf(policy: Policy, { institution, system }: Actor): SystemState | readonly Refusal[] {
  const clientId = `${institution}.${system}`
  return policy.system(clientId) ?? (policy.opaque(`system:${clientId}`) ? tooNew : unknown)
}

function personOf(policy: Policy, { institution, person = '' }: Actor): Spoken {
  const state = policy.members.person(institution, person)
  if (state === undefined) return policy.opaque(`person:${institution}/${person}`) ? tooNew : unknown
  return state.state === 'active'
    ? { institution, roles: rolesOf(state), person: state }
    : refuse('person-removed', institution)
}

function inactive({ id, state }: InstitutionState): readonly Refusal[] {
  switch (state) {
    case 'active':
      return yes
    case 'pending':
      return refuse('institution-pending', operator.id)
    case 'suspended':
      return refuse('institution-suspended', operator.id)
    case 'left':
      return refuse('institution-left', id, operator.id)
  }
}

/** The operator's own keys are no facts: they come with each start. */
function silence(system: SystemState, { key }: Actor, at: Date): readonly Refusal[] {
  const { institution, id, state, keys } = system
  if (state !== 'active') return refuse('system-suspended', institution, operator.id)
  if (key === undefined || unchanging.has(`system:${institution}.${id}`)) return yes
  return keys.some((each) => each.kid === key && keyStands(each, at)) ? yes : refuse('key-not-valid', institution)
}

/**
 * The institution that a push is for. The system that set the endpoint has to stand too: a suspended one gets nothing, and one
 * that acts for another institution only as long as it may receive for it.
 */
function recipientOf(policy: Policy, { actor, on }: Question, at: Date): Spoken {
  if (on.kind !== 'subscription' || actor.institution !== bus.id) return unknown
  const subscription = policy.subscription(on.id)
  if (subscription === undefined) return policy.opaque(`subscription:${on.id}`) ? tooNew : unknown
  const { consumer, endpoint } = subscription
  if (endpoint?.system !== undefined) {
    const [institution = '', system = ''] = endpoint.system.split('.')
    const onBehalfOf = institution === consumer ? {} : { onBehalfOf: consumer }
    const spoken = speakerOf(policy, { action: 'receive', actor: { institution, system, ...onBehalfOf }, on }, at)
    const mayReceive = institution === consumer || !('roles' in spoken) || spoken.roles.includes('consumer')
    return mayReceive ? spoken : refuse('delegation-scope', consumer)
  }
  const institution = policy.institution(consumer)
  if (institution === undefined) return policy.opaque(`institution:${consumer}`) ? tooNew : unknown
  const idle = inactive(institution)
  return idle.length > 0 ? idle : { institution: consumer, roles: [] }
}

/** What a person may do in words of what systems may do; a `dpo` and an `auditor` are asked for by name. */
const systemRolesOf: Readonly<Record<PersonRole, readonly SystemRole[]>> = {
  officer: ['requester'],
  desk: ['provider'],
  'institution-admin': ['administrator'],
  operator: ['administrator'],
  dpo: [],
  auditor: [],
}

const rolesOf = ({ roles }: PersonState): readonly SystemRole[] => roles.flatMap((role) => systemRolesOf[role])

/** Doing passes on, binding doesn't. */
const delegable: ReadonlySet<Action> = new Set([
  'speak',
  'publish',
  'subscribe',
  'receive',
  'read-contract',
  'read-agreement',
  'read-subscription',
  'change-subscription',
])

interface Delegated extends Question {
  readonly at: Date
}

/** The delegate's system with the roles that both it and the delegations on the contract asked about have. */
function onBehalf(policy: Policy, speaker: Speaker, { action, actor, on, at }: Delegated): Spoken {
  const principal = actor.onBehalfOf ?? ''
  const inForce = policy.members.delegationsInForce({ principal, delegate: speaker.institution }, at)
  if (inForce.length === 0) return refuse('delegation-missing', speaker.institution)
  const giver = policy.institution(principal)
  if (giver?.state !== 'active') return refuse('principal-not-active', operator.id)
  const contract = contractOf(policy, on)
  const fitting = inForce.filter(({ contracts }) => contract === undefined || contracts.includes(contract))
  if (!delegable.has(action) || fitting.length === 0) return refuse('delegation-scope', principal)
  const passed = fitting.flatMap(({ roles }) => roles)
  return { institution: principal, roles: speaker.roles.filter((role) => passed.some((each) => each === role)) }
}

function contractOf(policy: Policy, on: Target): string | undefined {
  switch (on.kind) {
    case 'contract':
      return on.id
    case 'agreement':
      return policy.agreement(on.id)?.contract ?? ''
    case 'subscription':
      return policy.agreement(policy.subscription(on.id)?.agreement ?? '')?.contract ?? ''
    case 'bus':
    case 'institution':
    case 'system':
    case 'delegation':
    case 'norm':
    case 'procedure':
      return undefined
    case 'evidence':
      return on.id.split('/')[2] ?? ''
  }
}

/** The aggregates that say whether an actor may still speak. */
export function speakerAggregates(policy: Policy, actor: Actor, at: Date): readonly string[] {
  const { institution, system, person, onBehalfOf } = actor
  const own = person === undefined ? `system:${institution}.${system}` : `person:${institution}/${person}`
  if (onBehalfOf === undefined) return [`institution:${institution}`, own]
  const delegations = policy.members.delegationsInForce({ principal: onBehalfOf, delegate: institution }, at)
  return [
    `institution:${institution}`,
    own,
    `institution:${onBehalfOf}`,
    ...delegations.map(({ id }) => `delegation:${id}`),
  ]
}
