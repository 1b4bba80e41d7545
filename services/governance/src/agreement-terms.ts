import { compileFilter, type Field, refuseIdentifier } from '@unavez/contracts'
import {
  type AgreementTerms,
  bus,
  type ContractState,
  type LegalBasis,
  type NormState,
  type ProcedureState,
} from '@unavez/policy'
import { Problem, type Text } from '@unavez/protocol'

import { fieldsOf, identifies, isSensitive, publishedVersion } from './contract-fields.ts'
import { bodyFault } from './faults.ts'

/** Terms as they are asked for. */
export interface Wish {
  readonly purpose: Text
  readonly legalBasis: LegalBasis
  readonly fields: readonly string[]
  readonly validFrom?: string
  readonly validUntil: string
  readonly procedure?: string
  /** Not looked at before it is checked here. */
  readonly filter?: unknown
  /** `true`: all of the fields that identify. */
  readonly pseudonymous?: boolean | readonly string[]
  readonly correctionsUntil?: string
  readonly usageDelay?: { readonly until: string; readonly order: string }
}

/** What terms are held against. */
export interface Known {
  readonly consumer: string
  readonly contract: ContractState | undefined
  /** By the id that the legal basis names, if it is one. */
  readonly norm: NormState | undefined
  readonly procedure: ProcedureState | undefined
}

export interface CheckedTerms {
  readonly contract: ContractState
  readonly contractVersion: number
  readonly terms: AgreementTerms
}

/** Refuses an unpublished contract ('contract-not-published'), and with a pointer whatever can't be held. */
export function checkTerms(wish: Wish, known: Known, at: Date): CheckedTerms {
  const { contract } = known
  if (contract === undefined) throw bodyFault('/contract', 'No existe ese contrato', 'There is no such contract')
  if (contract.state === 'retired') throw new Problem('contract-retired', { pointer: '/contract' })
  const version = publishedVersion(contract)
  if (version === undefined) throw new Problem('contract-not-published', { pointer: '/contract' })
  const agreed = agreedFields(wish.fields, fieldsOf(contract.type, version))
  requireValidity(wish, at)
  requireNoIdentifier(wish)
  requireBasis(wish, known)
  const { validFrom, procedure, filter, correctionsUntil, usageDelay } = wish
  if (filter !== undefined) compileFilter(filter, agreed)
  const pseudonymous = pseudonymousFields(wish.pseudonymous, agreed)
  const sensitive = agreed.filter(isSensitive).map(({ name }) => name)
  const terms: AgreementTerms = {
    purpose: { es: wish.purpose.es, en: wish.purpose.en },
    legalBasis: wish.legalBasis,
    fields: [...wish.fields],
    ...(validFrom === undefined ? {} : { validFrom: instant(validFrom) }),
    validUntil: instant(wish.validUntil),
    ...(procedure === undefined ? {} : { procedure }),
    ...(filter === undefined ? {} : { filter: Array.isArray(filter) ? { all: filter } : Object(filter) }),
    ...(pseudonymous.length === 0 ? {} : { pseudonymous }),
    ...(correctionsUntil === undefined ? {} : { correctionsUntil: instant(correctionsUntil) }),
    ...(usageDelay === undefined ? {} : { usageDelay: { until: instant(usageDelay.until), order: usageDelay.order } }),
    // What the bus tells of one institution is no other's business.
    ...(contract.owner === bus.id ? { aboutConsumer: true } : {}),
    ...(sensitive.length === 0 ? {} : { sensitive }),
  }
  return { contract, contractVersion: version.version, terms }
}

function agreedFields(fields: readonly string[], offered: readonly Field[]): readonly Field[] {
  if (fields.length === 0) throw bodyFault('/fields', 'Falta al menos un campo', 'At least one field is needed')
  const byName = new Map(offered.map((field) => [field.name, field]))
  return fields.map((name, index) => {
    const pointer = `/fields/${index}`
    const field = byName.get(name)
    if (field === undefined)
      throw bodyFault(pointer, 'El contrato no tiene ese campo', 'The contract has no such field')
    if (fields.indexOf(name) !== index) throw bodyFault(pointer, 'El campo se repite', 'The field is named twice')
    return field
  })
}

function requireValidity({ validFrom, validUntil, correctionsUntil, usageDelay }: Wish, at: Date): void {
  const until = Date.parse(validUntil)
  if (!(until > at.getTime())) throw bodyFault('/validUntil', 'Debe estar en el futuro', 'It must be in the future')
  if (validFrom !== undefined && Date.parse(validFrom) >= until)
    throw bodyFault('/validFrom', 'Debe ser anterior a validUntil', 'It must be before validUntil')
  if (correctionsUntil !== undefined && Date.parse(correctionsUntil) < until)
    throw bodyFault('/correctionsUntil', 'No puede ser anterior a validUntil', 'It can not be before validUntil')
  if (usageDelay !== undefined && !(Date.parse(usageDelay.until) > at.getTime()))
    throw bodyFault('/usageDelay/until', 'Debe estar en el futuro', 'It must be in the future')
}

/** A norm that is registered has a kind; a procedure is the consumer's own. */
function requireBasis({ legalBasis, procedure: named }: Wish, { norm, procedure, consumer }: Known): void {
  if (norm !== undefined && norm.kind !== legalBasis.kind)
    throw bodyFault(
      '/legalBasis/kind',
      'La norma registrada es de otra clase',
      'The registered norm is of another kind',
    )
  if (named !== undefined && procedure?.institution !== consumer)
    throw bodyFault(
      '/procedure',
      'La institución consumidora no tiene ese trámite',
      'The consumer has no such procedure',
    )
}

function pseudonymousFields(wished: Wish['pseudonymous'], agreed: readonly Field[]): readonly string[] {
  if (wished === undefined || wished === false) return []
  const able = agreed.filter(identifies).map(({ name }) => name)
  if (wished === true) return able
  for (const [index, name] of wished.entries()) {
    if (able.includes(name) && wished.indexOf(name) === index) continue
    throw bodyFault(
      `/pseudonymous/${index}`,
      'Debe ser, una sola vez, un campo acordado que identifica',
      'It must be, once, an agreed field that identifies someone',
    )
  }
  return [...wished]
}

function requireNoIdentifier({ purpose, legalBasis, usageDelay }: Wish): void {
  refuseIdentifier(purpose.es, '/purpose/es')
  refuseIdentifier(purpose.en, '/purpose/en')
  refuseIdentifier(legalBasis.kind, '/legalBasis/kind')
  refuseIdentifier(legalBasis.norm, '/legalBasis/norm')
  if (legalBasis.article !== undefined) refuseIdentifier(legalBasis.article, '/legalBasis/article')
  if (usageDelay !== undefined) refuseIdentifier(usageDelay.order, '/usageDelay/order')
}

const instant = (time: string): string => new Date(time).toISOString()
