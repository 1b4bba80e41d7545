import { type Engine, limits } from '@unavez/engine'
import type { ContractState, Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { lifecycleHeaders, type AccessRequest, type Surroundings } from '@unavez/service-kit'

import { contractBody, replacedBody, typeParams } from './bodies.ts'
import { bodyFault } from './body-fault.ts'
import { contractAggregate, draftContract, replaceDraft } from './contract.ts'
import { publishContract } from './contract-versions.ts'
import { replies } from './replies.ts'
import { contractOf } from './routes.ts'
import { schemaRules } from './schema.ts'

const owner = 'registry'

/** The owner that the body names; without one the speaker's own, so that the body's fault is told and not hidden. */
function ownerOf({ actor, body }: AccessRequest): Target {
  const named = typeof body === 'object' && body !== null && 'owner' in body ? body.owner : undefined
  return { kind: 'institution', id: typeof named === 'string' ? named : actor.institution }
}

/** Before the fact: whoever reads "published" may append at once. Evidence has no topic of its own. */
export async function ensureTopic(
  { log }: Pick<Engine, 'log'>,
  contract: Pick<ContractState, 'kind' | 'domain'> | undefined,
): Promise<void> {
  if (contract === undefined) throw new Problem('not-found')
  if (contract.kind === 'evidence') return
  await log.ensureTopics([{ name: `events.${contract.domain}`, partitions: limits.partitions, cleanup: 'keep' }])
}

export function writeRoutes(surroundings: Surroundings): void {
  draftRoutes(surroundings)
  publishRoute(surroundings)
}

function draftRoutes({ http }: Surroundings): void {
  http.route({
    method: 'POST',
    url: '/v1/contracts',
    owner,
    summary: 'Draft a contract',
    access: { action: 'draft-contract', on: ownerOf },
    body: contractBody,
    replies: { 201: replies.drafted },
    async handle(call) {
      const { type, retention = 'P90D' } = call.body
      const outcome = await call.submit((policy) => ({
        facts: draftContract(policy.contract(type), { ...call.body, retention }, schemaRules),
        reads: [contractAggregate(type), `institution:${call.body.owner}`],
      }))
      const body = { type, version: 1, state: 'draft' }
      return { status: 201, headers: { location: `/v1/contracts/${type}` }, body, at: outcome.offset }
    },
  })
  http.route({
    method: 'PUT',
    url: '/v1/contracts/:type',
    owner,
    summary: 'Replace a draft that was never published',
    access: { action: 'draft-contract', on: contractOf },
    params: typeParams,
    body: replacedBody,
    replies: { 200: replies.drafted },
    async handle(call) {
      const { type } = call.params
      const { retention = 'P90D' } = call.body
      if (call.body.type !== undefined && call.body.type !== type) {
        throw bodyFault('/type', 'Es el de la ruta', 'It is the one of the path')
      }
      const aggregate = contractAggregate(type)
      const outcome = await call.submit(
        (policy) => ({
          facts: replaceDraft(policy.contract(type), { ...call.body, type, retention }, schemaRules),
          reads: [aggregate],
        }),
        aggregate,
      )
      return { body: { type, version: 1, state: 'draft' }, at: outcome.offset }
    },
  })
}

function publishRoute({ http, engine, control }: Surroundings): void {
  const { policy } = control
  http.route({
    method: 'POST',
    url: '/v1/contracts/:type/publish',
    owner,
    summary: 'Publish the draft: from here on institutions can agree on it and exchange it',
    access: { action: 'publish-contract', on: contractOf },
    params: typeParams,
    replies: { 200: replies.published },
    async handle(call) {
      const { type } = call.params
      await ensureTopic(engine, policy.contract(type))
      const aggregate = contractAggregate(type)
      const outcome = await call.submit(
        (now) => ({ facts: publishContract(now.contract(type), schemaRules), reads: [aggregate] }),
        aggregate,
      )
      const published = outcome.facts.find((fact) => fact.type === 'contract-published')
      const version = published?.version ?? 1
      const contract = policy.contract(type)
      const schemaId = contract?.versions.find((each) => each.version === version)?.schemaId
      const body = { type, state: 'published', version, schemaId }
      return { headers: lifecycleHeaders(contract), body, at: outcome.offset }
    },
  })
}
