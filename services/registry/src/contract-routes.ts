import { limits } from '@unavez/engine'
import type { Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { type AccessRequest, type Surroundings } from '@unavez/service-kit'

import { contractBody, typeParams } from './bodies.ts'
import { contractAggregate, draftContract, publishContract } from './contract.ts'
import { replies } from './replies.ts'
import { contractOf } from './routes.ts'
import { fingerprintOf, requireValidSchema } from './schema.ts'

const owner = 'registry'

/** The owner that the body names; without one the speaker's own, so that the body's fault is told and not hidden. */
function ownerOf({ actor, body }: AccessRequest): Target {
  const named = typeof body === 'object' && body !== null && 'owner' in body ? body.owner : undefined
  return { kind: 'institution', id: typeof named === 'string' ? named : actor.institution }
}

export function writeRoutes({ http, engine, control }: Surroundings): void {
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
        facts: draftContract(policy.contract(type), { ...call.body, retention }, requireValidSchema),
        reads: [contractAggregate(type), `institution:${call.body.owner}`],
      }))
      const body = { type, version: 1, state: 'draft' }
      return { status: 201, headers: { location: `/v1/contracts/${type}` }, body, at: outcome.offset }
    },
  })
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
      const domain = control.policy.contract(type)?.domain
      if (domain === undefined) throw new Problem('not-found')
      // Before the fact: whoever reads "published" may append at once.
      await engine.log.ensureTopics([{ name: `events.${domain}`, partitions: limits.partitions, cleanup: 'keep' }])
      const aggregate = contractAggregate(type)
      const outcome = await call.submit(
        (policy) => ({ facts: publishContract(policy.contract(type), fingerprintOf), reads: [aggregate] }),
        aggregate,
      )
      const published = outcome.facts.find((fact) => fact.type === 'contract-published')
      const version = published?.version ?? 1
      const schemaId = control.policy.contract(type)?.versions.find((each) => each.version === version)?.schemaId
      return { body: { type, state: 'published', version, schemaId }, at: outcome.offset }
    },
  })
}
