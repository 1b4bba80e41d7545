import { Problem } from '@unavez/protocol'
import { lifecycleHeaders, type Surroundings } from '@unavez/service-kit'

import { compatibilityBody, typeParams, versionBody } from './bodies.ts'
import { contractAggregate } from './contract.ts'
import { draftVersion, setCompatibility, versionWith } from './contract-versions.ts'
import { replies } from './replies.ts'
import { contractOf } from './routes.ts'
import { schemaRules } from './schema.ts'
import { versionSummary } from './views.ts'

const owner = 'registry'

/** What may still change once a contract is published: its next version, and what that is held against. */
export function versionWriteRoutes({ http, control }: Surroundings): void {
  const { policy } = control
  http.route({
    method: 'POST',
    url: '/v1/contracts/:type/versions',
    owner,
    summary: 'Draft the next version, in place of the draft that there may be',
    access: { action: 'publish-contract', on: contractOf },
    params: typeParams,
    body: versionBody,
    replies: { 200: replies.versioned, 201: replies.versioned },
    async handle(call) {
      const { type } = call.params
      const { schema } = call.body
      const aggregate = contractAggregate(type)
      const outcome = await call.submit(
        (now) => ({ facts: draftVersion(now.contract(type), schema, schemaRules), reads: [aggregate] }),
        aggregate,
      )
      const contract = policy.contract(type)
      const version = contract === undefined ? undefined : versionWith(contract, schema, schemaRules)
      if (version === undefined) throw new Problem('conflict', { retryAfter: 1 })
      return {
        status: version.state === 'draft' ? 201 : 200,
        headers: {
          ...lifecycleHeaders(contract),
          location: `/v1/contracts/${type}/versions/${version.version}`,
        },
        body: { type, ...versionSummary(version) },
        at: outcome.offset,
      }
    },
  })
  http.route({
    method: 'PUT',
    url: '/v1/contracts/:type/compatibility',
    owner,
    summary: 'Say which versions the next one is held against, and who must read whom',
    access: { action: 'publish-contract', on: contractOf },
    params: typeParams,
    body: compatibilityBody,
    replies: { 200: replies.compatibility },
    async handle(call) {
      const { type } = call.params
      const { compatibility } = call.body
      const aggregate = contractAggregate(type)
      const outcome = await call.submit(
        (now) => ({ facts: setCompatibility(now.contract(type), compatibility), reads: [aggregate] }),
        aggregate,
      )
      const headers = lifecycleHeaders(policy.contract(type))
      return { headers, body: { type, compatibility }, at: outcome.offset }
    },
  })
}
