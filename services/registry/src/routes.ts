import { avroName, Contract, jsonSchemaOf } from '@unavez/contracts'
import { authorize, type ContractState, type Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { lifecycleHeaders, type AccessRequest, listPage, type Surroundings } from '@unavez/service-kit'

import { contractList, schemaQuery, typeParams, versionParams } from './bodies.ts'
import { contractAggregate } from './contract.ts'
import { mirroredAs } from './mirror.ts'
import { replies } from './replies.ts'
import { openSearch } from './search.ts'
import { contractSummary, contractView, versionView } from './views.ts'
import { openVolumes } from './volume.ts'

const owner = 'registry'

export const contractOf = ({ params }: AccessRequest): Target => ({ kind: 'contract', id: params['type'] ?? '' })

export function readRoutes(surroundings: Surroundings): void {
  listRoute(surroundings)
  itemRoute(surroundings)
  versionRoutes(surroundings)
  historyRoute(surroundings)
}

function listRoute({ http, control }: Surroundings): void {
  const finds = openSearch()
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
        (query.q === undefined || finds(contract, query.q)) &&
        authorize(policy, { action: 'read-contract', actor, on: { kind: 'contract', id: contract.type } }, now).allowed
      const { items, next } = listPage(policy.contracts().filter(wanted), ({ type }) => type, query)
      return { body: { items: items.map((contract) => contractSummary(contract)), next } }
    },
  })
}

type Filter = { readonly [Name in 'kind' | 'domain' | 'owner' | 'state']?: string }

function matches(contract: ContractState, { kind, domain, owner: wantedOwner, state }: Filter): boolean {
  if (kind !== undefined && contract.kind !== kind) return false
  if (domain !== undefined && contract.domain !== domain) return false
  if (wantedOwner !== undefined && contract.owner !== wantedOwner) return false
  return state === undefined || contract.state === state
}

function itemRoute(surroundings: Surroundings): void {
  const { http, control } = surroundings
  const volumeOf = openVolumes(surroundings)
  http.route({
    method: 'GET',
    url: '/v1/contracts/:type',
    owner,
    summary: 'One contract with its fields and versions',
    access: { action: 'read-contract', on: contractOf },
    params: typeParams,
    replies: { 200: replies.contract },
    async handle({ params }) {
      const contract = control.policy.contract(params.type)
      if (contract === undefined) throw new Problem('not-found')
      const volume = await volumeOf(contract)
      const view = contractView(contract, control.policy.institution(contract.owner))
      return {
        headers: lifecycleHeaders(contract),
        body: { ...view, ...(volume === undefined ? {} : { volume }) },
        version: control.policy.version(contractAggregate(params.type)),
      }
    },
  })
}

function versionRoutes({ http, control, engine }: Surroundings): void {
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
    async handle({ params }) {
      const { contract, version } = found(params)
      const { namespace, name } = avroName(contract.type) ?? {}
      const mirrored = await mirroredAs(engine.registers, { subject: `${namespace}.${name}`, version: version.version })
      const body = { ...versionView(contract, version), ...(mirrored === undefined ? {} : { mirrorId: mirrored.id }) }
      return { headers: lifecycleHeaders(contract), body }
    },
  })
  http.route({
    method: 'GET',
    url: '/v1/contracts/:type/versions/:version/schema',
    owner,
    summary: 'The schema of one version, as Avro or as JSON Schema of its plain JSON',
    access: { action: 'read-contract', on: contractOf },
    params: versionParams,
    query: schemaQuery,
    replies: { 200: replies.schema },
    handle({ params, query, language }) {
      const { contract, version } = found(params)
      const { type } = contract
      const asJson = query.format === 'json-schema'
      const body = asJson ? jsonSchemaOf(new Contract(type, version.schema), language) : version.schema
      return { headers: lifecycleHeaders(contract), body }
    },
  })
}

function historyRoute({ http, control }: Surroundings): void {
  http.route({
    method: 'GET',
    url: '/v1/contracts/:type/history',
    owner,
    summary: 'What became of a contract, when and why',
    access: { action: 'read-contract', on: contractOf },
    params: typeParams,
    replies: { 200: replies.history },
    handle: ({ params }) => ({
      headers: lifecycleHeaders(control.policy.contract(params.type)),
      body: { items: control.policy.history(contractAggregate(params.type)) },
    }),
  })
}
