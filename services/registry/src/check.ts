import { canonicalJson, lintContract, typeOfAvroName } from '@unavez/contracts'
import type { AgreementState, ContractState, ProcedureState } from '@unavez/policy'
import { Problem, type Text } from '@unavez/protocol'

import { whyIncompatible } from './compatible.ts'
import { type DraftContract, draftContract, type SchemaRules } from './contract.ts'
import { publishedIn } from './contract-versions.ts'
import { fieldViews } from './views.ts'

/** Most faults, agreements and procedures that a check lists. */
const listedMax = 1000

export interface Checked extends Partial<DraftContract> {
  readonly schema: object
}

/** What stands already, as far as who asks may see it. */
export interface Surrounding {
  readonly contract: ContractState | undefined
  readonly agreements: readonly AgreementState[]
  readonly procedures: readonly ProcedureState[]
}

/** The type that a document is about: as it says, or as its schema is named. */
export function typeOf({ type, schema }: Checked): string | undefined {
  if (type !== undefined) return type
  const { namespace, name } = schema as { namespace?: unknown; name?: unknown }
  return typeof namespace === 'string' && typeof name === 'string' ? typeOfAvroName(`${namespace}.${name}`) : undefined
}

/** What would become of a contract, or of a version of it, and whom it would touch. Never refuses. */
export function check(document: Checked, around: Surrounding, rules: SchemaRules) {
  const type = typeOf(document)
  const faults = faultsOf(document, around.contract, rules)
  const valid = faults.length === 0
  return {
    type: type ?? null,
    valid,
    faults,
    compatibility: compatibilityOf(document, around.contract, valid),
    lint: lintContract({ ...document, type: type ?? '' }),
    impact: impactOf(document.schema, around),
  }
}

/** What is not said is taken from the contract that stands, or from what suits its type, so that only what was said is at fault. */
function faultsOf(document: Checked, contract: ContractState | undefined, rules: SchemaRules) {
  const type = typeOf(document)
  if (type === undefined) {
    const text = { es: 'El esquema no nombra ningún tipo', en: 'The schema names no type' }
    return [{ code: 'schema-invalid', pointer: '/schema/name', text }]
  }
  const given: DraftContract = {
    ...document,
    type,
    kind: document.kind ?? contract?.kind ?? (isEvidence(document) ? 'evidence' : 'event'),
    domain: document.domain ?? type.split('.').at(-3) ?? '',
    owner: document.owner ?? '',
    retention: document.retention ?? 'P90D',
    description: document.description ?? { es: '', en: '' },
  }
  try {
    draftContract(undefined, given, rules)
    requireSameParameters(document, contract)
    return []
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { pointer, detail } = error.details
    const text: Text = detail ?? { es: error.document('es').title, en: error.document('en').title }
    return [{ code: error.code, ...(pointer === undefined ? {} : { pointer }), text }]
  }
}

/** A version changes the schema alone: requests that are under way were asked by the parameters as they stand. */
function requireSameParameters({ parameters }: Checked, contract: ContractState | undefined): void {
  if (parameters === undefined || contract === undefined || contract.state === 'draft') return
  const standing = contract.evidence?.parameters
  if (standing !== undefined && canonicalJson(standing) === canonicalJson(parameters)) return
  throw new Problem('state-conflict', {
    pointer: '/parameters',
    detail: {
      es: 'Los parámetros de un contrato publicado no cambian: registre otro tipo',
      en: 'The parameters of a published contract stay: register another type',
    },
  })
}

const isEvidence = ({ validity, staleOn, answerWithin, previewRequired, parameters, providers }: Checked): boolean =>
  [validity, staleOn, answerWithin, previewRequired, parameters, providers].some((term) => term !== undefined)

function compatibilityOf({ schema, compatibility }: Checked, contract: ContractState | undefined, valid: boolean) {
  const mode = compatibility ?? contract?.compatibility ?? 'full-transitive'
  const earlier = contract === undefined ? [] : publishedIn(contract)
  if (contract === undefined || !valid) {
    return { mode, against: earlier.map(({ version }) => version), compatible: valid, incompatibilities: [] }
  }
  const found = whyIncompatible({
    type: contract.type,
    schema,
    earlier: earlier.map((each) => each.schema),
    mode,
  })
  return {
    mode,
    against: earlier.map(({ version }) => version),
    compatible: found.length === 0,
    incompatibilities: found
      .slice(0, listedMax)
      .map(({ code, pointer, field, text, against }) => ({ code, pointer, field, text, version: against + 1 })),
  }
}

/** Everyone who works with the contract today. What is left out by a limit is left out from the end. */
function impactOf(schema: object, { contract, agreements, procedures }: Surrounding) {
  const before = new Map(fieldViews(contract?.versions.at(-1)?.schema ?? {}).map((field) => [field.name, field]))
  const after = new Map(fieldViews(schema).map((field) => [field.name, field]))
  const changed = (name: string): boolean => JSON.stringify(before.get(name)) !== JSON.stringify(after.get(name))
  const touched = agreements.slice(0, listedMax)
  return {
    agreements: touched.map(({ id, consumer, state, fields }) => ({
      id,
      consumer,
      state,
      changedFields: fields.filter(changed),
    })),
    institutions: [
      ...new Set([...touched.map(({ consumer }) => consumer), ...procedures.map((each) => each.institution)]),
    ],
    procedures: procedures.slice(0, listedMax).map(({ id, institution, name }) => ({ id, institution, name })),
  }
}
