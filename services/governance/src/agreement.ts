import { refuseIdentifier } from '@unavez/contracts'
import type { AgreementState, Backlog, ContractState, Fact, LegalBasis } from '@unavez/policy'
import { Problem, type Text } from '@unavez/protocol'

import { fieldNames, publishedVersion } from './contract-fields.ts'

export interface RequestAgreement {
  /** `agr_…`, the same for a repeated command. */
  readonly id: string
  readonly consumer: string
  readonly contract: string
  readonly purpose: Text
  readonly legalBasis: LegalBasis
  /** Top-level fields of the contract's schema that the purpose needs. */
  readonly fields: readonly string[]
  readonly validFrom?: string
  readonly validUntil: string
}

export type ChangeAgreement =
  | { readonly change: 'approve' | 'reject' | 'suspend' | 'end'; readonly reason: string }
  | {
      readonly change: 'resume'
      readonly reason: string
      readonly backlog: Backlog
      /** The domain topic's next offset of each partition, with `skip`. */
      readonly skipTo?: readonly number[]
    }

export const agreementAggregate = (id: string): string => `agreement:${id}`

/** Refuses 'agreement-exists', an unpublished contract ('contract-not-published'), and with a pointer whatever it can't hold. */
export function requestAgreement(
  state: { readonly agreement: AgreementState | undefined; readonly contract: ContractState | undefined },
  command: RequestAgreement,
  at: Date,
): readonly Fact[] {
  if (state.agreement !== undefined) throw new Problem('agreement-exists')
  const { contract } = state
  if (contract === undefined) throw bodyFault('/contract', 'No existe ese contrato', 'There is no such contract')
  const version = publishedVersion(contract)
  if (version === undefined) throw new Problem('contract-not-published', { pointer: '/contract' })
  requireFields(command.fields, fieldNames(version.schema))
  requireValidity(command, at)
  requireNoIdentifier(command)
  return [
    {
      type: 'agreement-requested',
      aggregate: agreementAggregate(command.id),
      id: command.id,
      consumer: command.consumer,
      owner: contract.owner,
      contract: contract.type,
      version: version.version,
      purpose: { es: command.purpose.es, en: command.purpose.en },
      legalBasis: command.legalBasis,
      fields: [...command.fields],
      ...(command.validFrom === undefined ? {} : { validFrom: instant(command.validFrom) }),
      validUntil: instant(command.validUntil),
    },
  ]
}

/** Refuses 'not-found', and 'state-conflict' from a state that the change does not start from. */
export function changeAgreement(
  state: AgreementState | undefined,
  command: ChangeAgreement,
  at: Date,
): readonly Fact[] {
  if (state === undefined) throw new Problem('not-found')
  refuseIdentifier(command.reason, '/reason')
  if (!startsFrom[command.change].includes(state.state)) throw stateConflict(state.state)
  const aggregate = agreementAggregate(state.id)
  const { reason } = command
  switch (command.change) {
    case 'approve':
      requireNotOver(state, at)
      return [{ type: 'agreement-approved', aggregate, reason }]
    case 'reject':
      return [{ type: 'agreement-rejected', aggregate, reason }]
    case 'suspend':
      return [{ type: 'agreement-suspended', aggregate, reason }]
    case 'end':
      return [{ type: 'agreement-ended', aggregate, reason }]
    case 'resume': {
      requireNotOver(state, at)
      const { backlog, skipTo } = command
      return [{ type: 'agreement-resumed', aggregate, reason, backlog, ...(skipTo === undefined ? {} : { skipTo }) }]
    }
  }
}

const startsFrom: Readonly<Record<ChangeAgreement['change'], readonly AgreementState['state'][]>> = {
  approve: ['pending'],
  reject: ['pending'],
  suspend: ['active'],
  resume: ['suspended'],
  end: ['pending', 'active', 'suspended'],
}

const stateNames: Readonly<Record<AgreementState['state'], Text>> = {
  pending: { es: 'pendiente', en: 'pending' },
  active: { es: 'activo', en: 'active' },
  suspended: { es: 'suspendido', en: 'suspended' },
  ended: { es: 'terminado', en: 'ended' },
  rejected: { es: 'rechazado', en: 'rejected' },
}

const stateConflict = (state: AgreementState['state']): Problem =>
  new Problem('state-conflict', {
    detail: {
      es: `El acuerdo está ${stateNames[state].es}`,
      en: `The agreement is ${stateNames[state].en}`,
    },
  })

function requireNotOver(state: AgreementState, at: Date): void {
  if (Date.parse(state.validUntil) > at.getTime()) return
  throw new Problem('state-conflict', {
    detail: { es: 'La vigencia del acuerdo ya terminó', en: 'The validity of the agreement is over' },
  })
}

function requireFields(fields: readonly string[], offered: ReadonlySet<string>): void {
  if (fields.length === 0) throw bodyFault('/fields', 'Falta al menos un campo', 'At least one field is needed')
  for (const [index, field] of fields.entries()) {
    const pointer = `/fields/${index}`
    if (!offered.has(field))
      throw bodyFault(pointer, 'El contrato no tiene ese campo', 'The contract has no such field')
    if (fields.indexOf(field) !== index) throw bodyFault(pointer, 'El campo se repite', 'The field is named twice')
  }
}

function requireValidity({ validFrom, validUntil }: RequestAgreement, at: Date): void {
  const until = Date.parse(validUntil)
  if (!(until > at.getTime())) throw bodyFault('/validUntil', 'Debe estar en el futuro', 'It must be in the future')
  if (validFrom === undefined || Date.parse(validFrom) < until) return
  throw bodyFault('/validFrom', 'Debe ser anterior a validUntil', 'It must be before validUntil')
}

function requireNoIdentifier({ purpose, legalBasis }: RequestAgreement): void {
  refuseIdentifier(purpose.es, '/purpose/es')
  refuseIdentifier(purpose.en, '/purpose/en')
  refuseIdentifier(legalBasis.kind, '/legalBasis/kind')
  refuseIdentifier(legalBasis.norm, '/legalBasis/norm')
  if (legalBasis.article !== undefined) refuseIdentifier(legalBasis.article, '/legalBasis/article')
}

const bodyFault = (pointer: string, es: string, en: string): Problem =>
  new Problem('body-invalid', { pointer, detail: { es, en } })

const instant = (time: string): string => new Date(time).toISOString()
