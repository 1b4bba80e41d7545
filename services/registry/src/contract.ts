import { avroName, refuseIdentifier, typeParts } from '@unavez/contracts'
import type { ContractState, Fact } from '@unavez/policy'
import { Problem, type Text } from '@unavez/protocol'

import { periodDays } from './duration.ts'

/** Events stay at least as long as an event's id is remembered (`ID_WINDOW`). */
const retentionDaysMin = 35
/** Longer would make an archive of the bus. */
const retentionDaysMax = 3_660

export interface DraftContract {
  readonly type: string
  readonly kind: 'event'
  readonly domain: string
  readonly owner: string
  /** ISO 8601, years to days. */
  readonly retention: string
  readonly description: Text
  readonly schema: object
}

export const contractAggregate = (type: string): string => `contract:${type}`

/** Refuses 'contract-exists', and with a pointer whatever is not valid. The schema's own validity is `packages/contracts`' to tell. */
export function draftContract(
  state: ContractState | undefined,
  command: DraftContract,
  requireValidSchema: (type: string, schema: object) => void,
): readonly Fact[] {
  const { type, domain, description, schema } = command
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
  requireRetention(command.retention)
  refuseIdentifier(description.es, '/description/es')
  refuseIdentifier(description.en, '/description/en')
  requireValidSchema(type, schema)
  if (state !== undefined) throw new Problem('contract-exists', { pointer: '/type' })
  return [
    {
      type: 'contract-drafted',
      aggregate: contractAggregate(type),
      contract: type,
      kind: command.kind,
      domain,
      owner: command.owner,
      retention: command.retention,
      description: { es: description.es, en: description.en },
      version: 1,
      schema,
    },
  ]
}

/** Publishes the draft. Refuses 'not-found', and 'state-conflict' when no draft is left. */
export function publishContract(
  state: ContractState | undefined,
  fingerprintOf: (type: string, schema: object) => string,
): readonly Fact[] {
  if (state === undefined) throw new Problem('not-found')
  const draft = state.versions.find((version) => version.state === 'draft')
  if (draft === undefined) {
    throw new Problem('state-conflict', {
      detail: { es: 'El contrato ya está publicado', en: 'The contract is published already' },
    })
  }
  return [
    {
      type: 'contract-published',
      aggregate: contractAggregate(state.type),
      version: draft.version,
      numbered: { sequence: 'schema', of: fingerprintOf(state.type, draft.schema) },
    },
  ]
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

const bodyFault = (pointer: string, es: string, en: string): Problem =>
  new Problem('body-invalid', { pointer, detail: { es, en } })
