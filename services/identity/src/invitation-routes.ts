import { type InvitationState, systemRoles } from '@unavez/policy'
import { identifierOf, listPage, listQuery, shapes, type Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { codeOf, invitationAggregate, invite, withdraw } from './invitation.ts'
import { institutionAggregate, systemAggregate } from './system.ts'

const owner = 'identity'
const url = '/v1/institutions/:id/invitations'
const strict = { additionalProperties: false }
const institutionParams = Type.Object({ id: shapes.id })
const invitationParams = Type.Object({ id: shapes.id, invitation: Type.String({ maxLength: 64 }) })

const inviteBody = Type.Object(
  {
    system: Type.Optional(Type.String({ ...shapes.id, default: 'main' })),
    roles: Type.Optional(
      Type.Array(Type.Enum([...systemRoles]), {
        minItems: 1,
        maxItems: systemRoles.length,
        description: 'Consumer and requester unless told; an institution’s first system is its administrator too',
      }),
    ),
    validDays: Type.Optional(Type.Integer({ minimum: 1, maximum: 90, default: 7 })),
    name: Type.Optional(shapes.text),
    country: Type.Optional(
      Type.String({ pattern: '^[A-Z]{2}$', description: 'Required for an institution that is not there yet' }),
    ),
    kind: Type.Optional(Type.Enum(['public', 'municipal', 'private', 'international'])),
  },
  strict,
)

/** An invitation as the API tells it; its code is told once, when it is made. */
const invitationView = ({ id, institution, system, roles, until, state, newcomer }: InvitationState, now: Date) => ({
  id,
  institution,
  system,
  roles,
  validUntil: until,
  state: state === 'open' && now.getTime() >= Date.parse(until) ? 'expired' : state,
  ...(newcomer === undefined ? {} : { newcomer }),
})

const target = (params: Readonly<Record<string, string>>) => ({ kind: 'institution', id: params['id'] ?? '' }) as const

export function invitationRoutes(surroundings: Surroundings): void {
  inviteRoute(surroundings)
  listRoute(surroundings)
  withdrawRoute(surroundings)
}

function inviteRoute({ http, keys }: Surroundings): void {
  http.route({
    method: 'POST',
    url,
    owner,
    summary: 'Invite a system, or with it a new institution, to enrol with keys of its own',
    access: { action: 'invite', on: ({ params }) => target(params) },
    params: institutionParams,
    body: inviteBody,
    async handle(call) {
      const { id: institution } = call.params
      const { system = 'main', roles, validDays = 7, country, name, kind } = call.body
      const id = identifierOf('inv', call)
      const code = codeOf(keys.of('invitation'), id)
      const named = { ...(name === undefined ? {} : { name }), ...(kind === undefined ? {} : { kind }) }
      const newcomer = country === undefined ? undefined : { country, ...named }
      const outcome = await call.submit((policy, at) => ({
        facts: invite(policy, { id, institution, code, system, roles, validDays, newcomer }, at),
        reads: [institutionAggregate(institution), systemAggregate(institution, system)],
      }))
      const made = outcome.facts.find((fact) => fact.type === 'invitation-made')
      if (made === undefined) throw new Error('an invitation was made without its fact')
      const body = { ...invitationView({ ...made, state: 'open' }, call.now), code }
      return {
        status: 201,
        headers: { location: `/v1/institutions/${institution}/invitations/${id}` },
        body,
        at: outcome.offset,
      }
    },
  })
}

function listRoute({ http, control: { policy } }: Surroundings): void {
  http.route({
    method: 'GET',
    url,
    owner,
    summary: 'Invitations to an institution, without their codes',
    access: { action: 'invite', on: ({ params }) => target(params) },
    params: institutionParams,
    query: Type.Object(listQuery, strict),
    handle({ params, query, now }) {
      const { items, next } = listPage(policy.members.invitationsTo(params.id), ({ id }) => id, query)
      return { body: { items: items.map((state) => invitationView(state, now)), next } }
    },
  })
}

function withdrawRoute({ http }: Surroundings): void {
  http.route({
    method: 'POST',
    url: `${url}/:invitation/withdraw`,
    owner,
    summary: 'Make an invitation that was not used worthless',
    access: { action: 'invite', on: ({ params }) => target(params) },
    params: invitationParams,
    body: shapes.reason,
    async handle(call) {
      const { id: institution, invitation: id } = call.params
      const aggregate = invitationAggregate(id)
      const { offset } = await call.submit((policy) => {
        const state = policy.members.invitation(id)
        const own = state?.institution === institution ? state : undefined
        return { facts: withdraw(own, call.body.reason), reads: [aggregate] }
      }, aggregate)
      return { body: { id, state: 'withdrawn' }, at: offset }
    },
  })
}
