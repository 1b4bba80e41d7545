import { avroName, periodDays, refuseIdentifier, typeParts } from '@unavez/contracts'
import { bus, type Compatibility, type ContractState, type Fact, type FactOf } from '@unavez/policy'
import { Problem, type Text } from '@unavez/protocol'

import { bodyFault } from './body-fault.ts'
import { evidenceTerms, type GivenEvidenceTerms } from './evidence-terms.ts'

/** Events stay at least as long as an event's id is remembered (`ID_WINDOW`). */
const retentionDaysMin = 35
/** Longer would make an archive of the bus. */
const retentionDaysMax = 3_660

export interface DraftContract extends GivenEvidenceTerms {
  readonly type: string
  readonly kind: 'event' | 'evidence'
  readonly domain: string
  readonly owner: string
  /** ISO 8601, years to days. */
  readonly retention: string
  readonly description: Text
  readonly schema: object
  readonly compatibility?: Compatibility
}

/** What `packages/contracts` knows of schemas: each refuses with the pointer of the fault, which begins with `/schema`. */
export interface SchemaRules {
  readonly fingerprintOf: (type: string, schema: object) => string
  /** 'schema-invalid', 'identifier-in-clear'. */
  requireValid(type: string, schema: object): void
  /** The same of the parameters of evidence, at `/parameters`. */
  requireParameters(parameters: object): void
  /** 'schema-incompatible'; `earlier` are the published ones, oldest first. */
  requireCompatible(given: {
    readonly type: string
    readonly schema: object
    readonly earlier: readonly object[]
    readonly mode: Compatibility
  }): void
}

export const contractAggregate = (type: string): string => `contract:${type}`

/** Refuses 'contract-exists', and with a pointer whatever is not valid. */
export function draftContract(
  state: ContractState | undefined,
  command: DraftContract,
  rules: SchemaRules,
): readonly FactOf<'contract-drafted'>[] {
  const fact = draftOf(command, rules)
  if (state !== undefined) throw new Problem('contract-exists', { pointer: '/type' })
  return [fact]
}

/** As long as nothing of it was published, a contract is its owner's to rewrite. Refuses 'not-found', 'state-conflict'. */
export function replaceDraft(
  state: ContractState | undefined,
  command: DraftContract,
  rules: SchemaRules,
): readonly Fact[] {
  const fact = draftOf(command, rules)
  if (state === undefined) throw new Problem('not-found')
  if (state.state !== 'draft') {
    throw conflict(
      'El contrato ya está publicado: registre una versión',
      'The contract is published already: register a version',
    )
  }
  if (state.kind !== command.kind) throw bodyFault('/kind', 'El tipo de contrato no cambia', 'The kind stays')
  if (state.owner !== command.owner) throw bodyFault('/owner', 'La institución dueña no cambia', 'The owner stays')
  return [fact]
}

function draftOf(command: DraftContract, rules: SchemaRules): FactOf<'contract-drafted'> {
  const { type, kind, domain, owner, retention, description, schema, compatibility } = command
  requireType(type, domain)
  requireNotOfBus(type, owner)
  requireRetention(retention)
  refuseIdentifier(description.es, '/description/es')
  refuseIdentifier(description.en, '/description/en')
  const evidence = evidenceTerms(kind, command, (parameters) => rules.requireParameters(parameters))
  rules.requireValid(type, schema)
  return {
    type: 'contract-drafted',
    aggregate: contractAggregate(type),
    contract: type,
    kind,
    domain,
    owner,
    retention,
    description: { es: description.es, en: description.en },
    version: 1,
    schema,
    ...(compatibility === undefined ? {} : { compatibility }),
    ...(evidence === undefined ? {} : { evidence }),
  }
}

function requireType(type: string, domain: string): void {
  const parts = typeParts(type)
  if (parts === undefined || avroName(type) === undefined) {
    throw bodyFault(
      '/type',
      'Debe ser <autoridad>.<dominio>.<hecho>.v<mayor>',
      'It must be <authority>.<domain>.<fact>.v<major>',
    )
  }
  if (parts.domain !== domain) {
    throw bodyFault('/domain', 'No es el dominio que nombra el tipo', 'It is not the domain that the type names')
  }
}

/** The bus tells of itself in types and a topic of its own. */
function requireNotOfBus(type: string, owner: string): void {
  const { authority, domain } = typeParts(type) ?? {}
  if (owner === bus.id || (authority !== bus.id && domain !== 'bus')) return
  throw bodyFault('/type', 'Ese nombre es del propio bus', 'That name is the bus’s own')
}

function requireRetention(retention: string): void {
  const days = periodDays(retention)
  if (days === undefined) {
    throw bodyFault(
      '/retention',
      'Debe ser un periodo ISO 8601, como P90D',
      'It must be an ISO 8601 period, such as P90D',
    )
  }
  if (days < retentionDaysMin) throw bodyFault('/retention', 'El mínimo es P35D', 'The least is P35D')
  if (days > retentionDaysMax) throw bodyFault('/retention', 'El máximo es P10Y', 'The most is P10Y')
}

export const conflict = (es: string, en: string): Problem => new Problem('state-conflict', { detail: { es, en } })
