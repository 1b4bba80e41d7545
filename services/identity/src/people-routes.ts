import { authorize, type PersonRole, personRoles, type PersonState, type Policy } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { type Call, listPage, listQuery, shapes, type Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { addPerson, changePerson, isOffice, loginOf, personAggregate, removePerson } from './person.ts'
import { institutionAggregate } from './system.ts'

const owner = 'identity'
const url = '/v1/institutions/:id/people'
const strict = { additionalProperties: false }
const institutionParams = Type.Object({ id: shapes.id })
const personParams = Type.Object({ id: shapes.id, person: shapes.id })

const roles = Type.Array(Type.Enum([...personRoles]), { maxItems: personRoles.length })
const login = Type.String({
  minLength: 1,
  maxLength: 254,
  description: 'What the identity provider calls the person; only a keyed hash of it is kept',
})
const addBody = Type.Object({ id: shapes.id, name: shapes.name, roles, login: Type.Optional(login) }, strict)
const changeBody = Type.Object(
  { name: Type.Optional(shapes.name), roles: Type.Optional(roles), login: Type.Optional(login) },
  strict,
)

/** A person as the API tells it; the login never. */
const personView = ({ institution, id, name, roles, login }: Omit<PersonState, 'appointment'>) => ({
  institution,
  id,
  name,
  roles,
  signsIn: login !== undefined,
})

const target = (params: Readonly<Record<string, string>>) => ({ kind: 'institution', id: params['id'] ?? '' }) as const

export function peopleRoutes(surroundings: Surroundings): void {
  addRoute(surroundings)
  readRoutes(surroundings)
  changeRoute(surroundings)
  removeRoute(surroundings)
}

interface Appointment {
  readonly policy: Policy
  readonly at: Date
  readonly institution: string
  /** Those that the person has and is to have. */
  readonly roles: readonly PersonRole[]
}

/**
 * An `operator` or an `auditor` is appointed, changed and let go by the operator alone. Asked inside the decision, so that whoever
 * is appointed meanwhile is not changed by someone else.
 */
function mayAppoint(call: Pick<Call, 'actor' | 'refusal'>, appointment: Appointment): void {
  const { policy, at, institution, roles } = appointment
  if (!roles.some(isOffice)) return
  const question = {
    action: 'appoint-officers',
    actor: call.actor,
    on: { kind: 'institution', id: institution },
  } as const
  const decision = authorize(policy, question, at)
  if (!decision.allowed) throw call.refusal(question.action, question.on, decision)
}

function addRoute({ http, control: { policy }, keys }: Surroundings): void {
  http.route({
    method: 'POST',
    url,
    owner,
    summary: 'Add a person who acts for the institution',
    access: { action: 'manage-people', on: ({ params }) => target(params) },
    params: institutionParams,
    body: addBody,
    async handle(call) {
      const { id: institution } = call.params
      const { login: claim, ...person } = call.body
      const login = claim === undefined ? {} : { login: loginOf(keys.of('login'), claim) }
      const aggregate = personAggregate(institution, person.id)
      const outcome = await call.submit((now, at) => {
        mayAppoint(call, { policy: now, at, institution, roles: person.roles })
        const known = { institution: now.institution(institution), person: now.members.person(institution, person.id) }
        return {
          facts: addPerson(known, { ...person, ...login }),
          reads: [institutionAggregate(institution), aggregate],
        }
      })
      const body = personView({ ...person, ...login, institution, roles: [...new Set(person.roles)], state: 'active' })
      const location = `/v1/institutions/${institution}/people/${person.id}`
      return { status: 201, headers: { location }, body, at: outcome.offset, version: policy.version(aggregate) }
    },
  })
}

function readRoutes({ http, control: { policy } }: Surroundings): void {
  http.route({
    method: 'GET',
    url,
    owner,
    summary: 'The people who act for an institution',
    access: { action: 'read-people', on: ({ params }) => target(params) },
    params: institutionParams,
    query: Type.Object(listQuery, strict),
    handle({ params, query }) {
      const { items, next } = listPage(policy.members.peopleOf(params.id), ({ id }) => id, query)
      return { body: { items: items.map(personView), next } }
    },
  })
  http.route({
    method: 'GET',
    url: `${url}/:person`,
    owner,
    summary: 'One person',
    access: { action: 'read-people', on: ({ params }) => target(params) },
    params: personParams,
    handle({ params: { id, person } }) {
      const state = policy.members.person(id, person)
      if (state?.state !== 'active') throw new Problem('not-found')
      return { body: personView(state), version: policy.version(personAggregate(id, person)) }
    },
  })
}

function changeRoute({ http, control: { policy }, keys }: Surroundings): void {
  http.route({
    method: 'PATCH',
    url: `${url}/:person`,
    owner,
    summary: 'Change a person’s name, roles or login',
    access: { action: 'manage-people', on: ({ params }) => target(params) },
    params: personParams,
    body: changeBody,
    async handle(call) {
      const { id, person } = call.params
      const { login: claim, ...change } = call.body
      const login = claim === undefined ? {} : { login: loginOf(keys.of('login'), claim) }
      const aggregate = personAggregate(id, person)
      const { offset } = await call.submit((now, at) => {
        const known = now.members.person(id, person)
        const may = change.roles === undefined && claim === undefined ? [] : (known?.roles ?? [])
        mayAppoint(call, { policy: now, at, institution: id, roles: [...may, ...(change.roles ?? [])] })
        return { facts: changePerson(known, { ...change, ...login }), reads: [aggregate] }
      }, aggregate)
      const state = policy.members.person(id, person)
      if (state === undefined) throw new Problem('not-found')
      return { body: personView(state), at: offset, version: policy.version(aggregate) }
    },
  })
}

function removeRoute({ http }: Surroundings): void {
  http.route({
    method: 'DELETE',
    url: `${url}/:person`,
    owner,
    summary: 'End what a person may do, at once; what they did stays with their name',
    access: { action: 'manage-people', on: ({ params }) => target(params) },
    params: personParams,
    body: Type.Object({ reason: Type.Optional(shapes.reason.properties.reason) }, strict),
    async handle(call) {
      const { id, person } = call.params
      const { reason = '' } = call.body
      const aggregate = personAggregate(id, person)
      const { offset } = await call.submit((now, at) => {
        const known = now.members.person(id, person)
        mayAppoint(call, { policy: now, at, institution: id, roles: known?.roles ?? [] })
        return { facts: removePerson(known, reason), reads: [aggregate] }
      }, aggregate)
      return { status: 204, at: offset }
    },
  })
}
