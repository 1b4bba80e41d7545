import { authorize, type ContractState, type Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { type AccessRequest, listPage, type Surroundings } from '@unavez/service-kit'

import { contractList, schemaQuery, typeParams, versionParams } from './bodies.ts'
import { contractAggregate } from './contract.ts'
import { lifecycleHeaders } from './lifecycle.ts'
import { replies } from './replies.ts'
import { contractSummary, contractView, fieldViews, currentVersion, versionView } from './views.ts'

const owner = 'registry'

export const contractOf = ({ params }: AccessRequest): Target => ({ kind: 'contract', id: params['type'] ?? '' })

export function readRoutes(surroundings: Surroundings): void {
  listRoute(surroundings)
  itemRoute(surroundings)
  versionRoutes(surroundings)
}

function listRoute({ http, control }: Surroundings): void {
  http.route({
    method: 'GET',
    url: '/v1/contracts',
    owner,
    summary: 'The catalogue of contracts',
    access: { action: 'read-contract', on: () => ({ kind: 'bus' }) },
    query: contractList,
    replies: { 200: replies.contracts },
    handle({ actor, query, now }) {
      const { policy } = control
      const wanted = (contract: ContractState): boolean =>
        matches(contract, query) &&
        authorize(policy, { action: 'read-contract', actor, on: { kind: 'contract', id: contract.type } }, now).allowed
      const { items, next } = listPage(policy.contracts().filter(wanted), ({ type }) => type, query)
      return { body: { items: items.map((contract) => contractSummary(contract)), next } }
    },
  })
}

type Filter = { readonly [Name in 'kind' | 'domain' | 'owner' | 'state' | 'q']?: string }

function matches(contract: ContractState, { kind, domain, owner: wantedOwner, state, q }: Filter): boolean {
  if (kind !== undefined && contract.kind !== kind) return false
  if (domain !== undefined && contract.domain !== domain) return false
  if (wantedOwner !== undefined && contract.owner !== wantedOwner) return false
  if (state !== undefined && contract.state !== state) return false
  if (q === undefined) return true
  const { es, en } = contract.description
  const names = fieldViews(currentVersion(contract)?.schema ?? {}).map(({ name }) => name)
  return [contract.type, es, en, ...names].some((text) => folded(text).includes(folded(q)))
}

/** Case and accents make no difference to who looks for something. */
const folded = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()

function itemRoute({ http, control }: Surroundings): void {
  http.route({
    method: 'GET',
    url: '/v1/contracts/:type',
    owner,
    summary: 'One contract with its fields and versions',
    access: { action: 'read-contract', on: contractOf },
    params: typeParams,
    replies: { 200: replies.contract },
    handle({ params }) {
      const contract = control.policy.contract(params.type)
      if (contract === undefined) throw new Problem('not-found')
      return {
        headers: lifecycleHeaders(contract),
        body: contractView(contract),
        version: control.policy.version(contractAggregate(params.type)),
      }
    },
  })
}

function versionRoutes({ http, control }: Surroundings): void {
  const found = (params: { readonly type: string; readonly version: string }) => {
    const contract = control.policy.contract(params.type)
    const version = contract?.versions.find((each) => each.version === Number(params.version))
    if (contract === undefined || version === undefined) throw new Problem('not-found')
    return { contract, version }
  }
  http.route({
    method: 'GET',
    url: '/v1/contracts/:type/versions/:version',
    owner,
    summary: 'One version of a contract',
    access: { action: 'read-contract', on: contractOf },
    params: versionParams,
    replies: { 200: replies.version },
    handle({ params }) {
      const { contract, version } = found(params)
      return { headers: lifecycleHeaders(contract), body: versionView(contract, version) }
    },
  })
  http.route({
    method: 'GET',
    url: '/v1/contracts/:type/versions/:version/schema',
    owner,
    summary: 'The schema of one version, as Avro',
    access: { action: 'read-contract', on: contractOf },
    params: versionParams,
    query: schemaQuery,
    replies: { 200: replies.schema },
    handle({ params }) {
      const { contract, version } = found(params)
      return { headers: lifecycleHeaders(contract), body: version.schema }
    },
  })
}
