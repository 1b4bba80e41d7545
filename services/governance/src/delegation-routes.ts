import { authorize, delegableRoles, operator, type Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { type AccessRequest, identifierOf, listPage, listQuery, shapes, type Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { idParams } from './bodies.ts'
import {
  acceptDelegation,
  delegationAggregate,
  delegationView,
  endDelegation,
  proposeDelegation,
} from './delegation.ts'
import { institutionAggregate } from './institution.ts'

const owner = 'governance'
const strict = { additionalProperties: false }
const contractsMax = 100

const delegationBody = Type.Object(
  {
    principal: Type.String({ maxLength: 41, description: 'For whom the delegate acts' }),
    delegate: Type.String({ maxLength: 41 }),
    roles: Type.Array(Type.Enum([...delegableRoles]), { minItems: 1, maxItems: delegableRoles.length }),
    contracts: Type.Array(Type.String({ maxLength: 200 }), { minItems: 1, maxItems: contractsMax }),
    until: shapes.time,
  },
  strict,
)

/** A party proposes for itself: the other party that the body names, if any, is none of this question. */
function proposerOf({ actor, body }: AccessRequest): Target {
  const named = (name: string): unknown =>
    typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined
  const parties = [named('principal'), named('delegate')]
  const strangers = parties.every((party) => typeof party === 'string') && !parties.includes(actor.institution)
  return { kind: 'institution', id: strangers ? String(parties[0]) : actor.institution }
}

const target = (params: Readonly<Record<string, string>>) => ({ kind: 'delegation', id: params['id'] ?? '' }) as const

/** One institution acts for another, within contracts and time that both accepted; it says so with `On-Behalf-Of`. */
export function delegationRoutes(surroundings: Surroundings): void {
  proposeRoute(surroundings)
  readRoutes(surroundings)
  acceptRoute(surroundings)
  endRoute(surroundings)
}

function proposeRoute({ http }: Surroundings): void {
  http.route({
    method: 'POST',
    url: '/v1/delegations',
    owner,
    summary: 'Propose that one institution may act for another; the other party accepts',
    access: { action: 'propose-delegation', on: proposerOf },
    body: delegationBody,
    async handle(call) {
      const id = identifierOf('del', call)
      const command = { ...call.body, id, proposer: call.actor.institution }
      const outcome = await call.submit((policy, at) => ({
        facts: proposeDelegation(policy, command, at),
        reads: [institutionAggregate(command.principal), institutionAggregate(command.delegate)],
      }))
      const made = outcome.facts.find((fact) => fact.type === 'delegation-proposed')
      if (made === undefined) throw new Error('a delegation was proposed without its fact')
      const body = delegationView({ ...made, state: 'proposed' }, call.now)
      return { status: 201, headers: { location: `/v1/delegations/${body.id}` }, body, at: outcome.offset }
    },
  })
}

function readRoutes({ http, control: { policy } }: Surroundings): void {
  http.route({
    method: 'GET',
    url: '/v1/delegations',
    owner,
    summary: 'Delegations of which the speaker is a party',
    access: { action: 'read-delegation', on: () => ({ kind: 'bus' }) },
    query: Type.Object({ ...listQuery, institution: Type.Optional(Type.String({ maxLength: 41 })) }, strict),
    handle({ actor, query, now }) {
      const whose = actor.institution === operator.id ? query.institution : actor.institution
      const readable = policy.members.delegationsOf(whose ?? '').filter(({ id }) => {
        const on = { kind: 'delegation', id } as const
        return authorize(policy, { action: 'read-delegation', actor, on }, now).allowed
      })
      const { items, next } = listPage(readable, ({ id }) => id, query)
      return { body: { items: items.map((state) => delegationView(state, now)), next } }
    },
  })
  http.route({
    method: 'GET',
    url: '/v1/delegations/:id',
    owner,
    summary: 'One delegation',
    access: { action: 'read-delegation', on: ({ params }) => target(params) },
    params: idParams,
    handle({ params: { id }, now }) {
      const state = policy.members.delegation(id)
      if (state === undefined) throw new Problem('not-found')
      return { body: delegationView(state, now), version: policy.version(delegationAggregate(id)) }
    },
  })
}

function acceptRoute({ http, control: { policy } }: Surroundings): void {
  http.route({
    method: 'POST',
    url: '/v1/delegations/:id/accept',
    owner,
    summary: 'Accept a delegation that the other party proposed',
    access: { action: 'accept-delegation', on: ({ params }) => target(params) },
    params: idParams,
    async handle(call) {
      const { id } = call.params
      const aggregate = delegationAggregate(id)
      const { institution } = call.actor
      const { offset } = await call.submit(
        (now, at) => ({ facts: acceptDelegation(now.members.delegation(id), institution, at), reads: [aggregate] }),
        aggregate,
      )
      const state = policy.members.delegation(id)
      if (state === undefined) throw new Problem('not-found')
      return { body: delegationView(state, call.now), at: offset, version: policy.version(aggregate) }
    },
  })
}

function endRoute({ http }: Surroundings): void {
  http.route({
    method: 'POST',
    url: '/v1/delegations/:id/end',
    owner,
    summary: 'End a delegation, at once',
    access: { action: 'end-delegation', on: ({ params }) => target(params) },
    params: idParams,
    body: shapes.reason,
    async handle(call) {
      const { id } = call.params
      const aggregate = delegationAggregate(id)
      const { offset } = await call.submit(
        (policy) => ({ facts: endDelegation(policy.members.delegation(id), call.body.reason), reads: [aggregate] }),
        aggregate,
      )
      return { body: { id, state: 'ended' }, at: offset }
    },
  })
}
