import { contractUsers } from '@unavez/policy'
import type { Reply, Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { answer, fault, writes } from './confluent.ts'
import { schemaBody } from './confluent-check-routes.ts'
import { contractAggregate } from './contract.ts'
import { retireContract } from './contract-end.ts'
import { ensureTopic } from './contract-routes.ts'
import { registerVersion, versionWith } from './contract-versions.ts'
import { schemaRules } from './schema.ts'
import { openSubjects, parsedSchema } from './subjects.ts'

const params = Type.Object({ subject: Type.String({ maxLength: 300 }) })
const versionParams = Type.Object({ subject: Type.String({ maxLength: 300 }), version: Type.String({ maxLength: 20 }) })

export function subjectWriteRoutes(surroundings: Surroundings): void {
  registerRoute(surroundings)
  deleteRoutes(surroundings)
}

/** The contract has to be there, as a draft at least: a schema alone says neither owner nor domain. */
function registerRoute({ http, engine, control }: Surroundings): void {
  const { policy } = control
  const subjects = openSubjects(policy)
  http.route(
    writes({
      method: 'POST',
      url: '/registry/subjects/:subject/versions',
      summary: 'Confluent API: register a version of a contract, published at once',
      params,
      body: schemaBody,
      async handle(call): Promise<Reply> {
        const contract = subjects.contract(call.params.subject)
        const schema = parsedSchema(call.body.schema)
        if (contract === undefined) return fault(40401)
        if (schema === undefined || (call.body.schemaType ?? 'AVRO') !== 'AVRO') return fault(42201)
        const { type } = contract
        await ensureTopic(engine, contract)
        const { offset } = await call.submit((now) => ({
          facts: registerVersion(now.contract(type), schema, schemaRules),
          reads: [contractAggregate(type)],
        }))
        const after = policy.contract(type)
        const registered = after && versionWith(after, schema, schemaRules)
        return registered?.schemaId === undefined ? fault(40403) : answer({ id: registered.schemaId }, { at: offset })
      },
    }),
  )
}

/** Ids stay readable for as long as records bear them: what is deleted takes no new version and leaves the list. */
function deleteRoutes({ http, control }: Surroundings): void {
  const { policy } = control
  const subjects = openSubjects(policy)
  http.route(
    writes(
      {
        method: 'DELETE',
        url: '/registry/subjects/:subject',
        summary: 'Confluent API: retire the contract, unless it is in use',
        params,
        async handle(call): Promise<Reply> {
          const { subject } = call.params
          const contract = subjects.contract(subject)
          if (contract === undefined) return fault(40401)
          const { type } = contract
          const { offset } = await call.submit((now, at) => ({
            facts: retireContract(now.contract(type), now.usersOf(type, at), {}),
            reads: [contractAggregate(type), contractUsers(type)],
          }))
          return answer(
            subjects.versions(subject).map(({ version }) => version),
            { at: offset },
          )
        },
      },
      'retire-contract',
    ),
  )
  http.route(
    writes(
      {
        method: 'DELETE',
        url: '/registry/subjects/:subject/versions/:version',
        summary: 'Confluent API: refused, a published version stays',
        params: versionParams,
        handle: () => fault(42205),
      },
      'retire-contract',
    ),
  )
}
