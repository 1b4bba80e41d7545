import { refuseIdentifier } from '@unavez/contracts'
import { type AgreementState, bus, contractUsed, type Fact, termsOf } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

import { checkTerms, type Known, type Wish } from './agreement-terms.ts'
import { stateConflict } from './faults.ts'

export interface RequestAgreement extends Wish {
  /** `agr_…`, the same for a repeated command. */
  readonly id: string
  readonly consumer: string
  readonly contract: string
  /** Kept by the consumer until it is submitted. */
  readonly draft?: boolean
  /** Who offers it, if not the consumer asks. */
  readonly proposer?: string
}

/** Members left out stay as they are; null takes an optional one away. */
export interface AmendAgreement {
  readonly changes: { readonly [Name in keyof Wish]?: Wish[Name] | null | undefined }
  readonly proposer: string
  readonly reason?: string
}

export const agreementAggregate = (id: string): string => `agreement:${id}`

/** Refuses 'agreement-exists', and whatever its terms can't hold. A draft may be drafted again by the same command. */
export function requestAgreement(
  state: AgreementState | undefined,
  command: RequestAgreement,
  { known, at }: { readonly known: Known; readonly at: Date },
): readonly Fact[] {
  if (state !== undefined) throw new Problem('agreement-exists')
  return asked(command, { known, at })
}

/** Other terms for a draft. Refuses 'not-found', and 'state-conflict' once it was submitted. */
export function redraftAgreement(
  state: AgreementState | undefined,
  wish: Wish,
  { known, at }: { readonly known: Known; readonly at: Date },
): readonly Fact[] {
  const { id, consumer, contract } = requireDraft(state)
  return asked({ ...wish, id, consumer, contract, draft: true }, { known, at })
}

/** A draft becomes a request, on the contract as it is now. */
export function submitAgreement(
  state: AgreementState | undefined,
  { known, at }: { readonly known: Known; readonly at: Date },
): readonly Fact[] {
  const draft = requireDraft(state)
  const { id, consumer, contract } = draft
  return asked({ ...termsOf(draft), id, consumer, contract }, { known, at })
}

function requireDraft(state: AgreementState | undefined): AgreementState {
  if (state === undefined) throw new Problem('not-found')
  if (state.state !== 'draft')
    throw stateConflict('El acuerdo ya no es un borrador', 'The agreement is no draft any more')
  return state
}

function asked(
  command: RequestAgreement,
  { known, at }: { readonly known: Known; readonly at: Date },
): readonly Fact[] {
  const { contract, contractVersion, terms } = checkTerms(command, known, at)
  const { id, consumer, draft = false, proposer = consumer } = command
  const about = {
    aggregate: agreementAggregate(id),
    id,
    consumer,
    owner: contract.owner,
    contract: contract.type,
    version: contractVersion,
    ...terms,
  }
  if (draft) return [{ type: 'agreement-drafted', ...about }]
  const other = proposer === consumer ? {} : { proposer }
  const requested: Fact = { type: 'agreement-requested', ...about, ...other }
  const answered: readonly Fact[] =
    contract.owner === bus.id ? [{ type: 'agreement-approved', aggregate: about.aggregate, ...forTheAsking }] : []
  return [requested, ...answered, contractUsed(contract.type)]
}

/** The bus has nobody to ask: what it tells of an institution is that institution's. */
const forTheAsking = { reason: 'What the bus tells of an institution is its own for the asking' }

/** Asks for a new version; the present one stands until the other side approves. Refuses 'not-found' and 'state-conflict'. */
export function amendAgreement(
  state: AgreementState | undefined,
  { changes, proposer, reason }: AmendAgreement,
  { known, at }: { readonly known: Known; readonly at: Date },
): readonly Fact[] {
  if (state === undefined) throw new Problem('not-found')
  if (reason !== undefined) refuseIdentifier(reason, '/reason')
  if (state.state !== 'active' && state.state !== 'suspended')
    throw stateConflict('Solo se enmienda un acuerdo en vigor', 'Only an agreement in force is amended')
  if (state.amendment !== undefined)
    throw stateConflict('Ya hay una enmienda pendiente', 'An amendment is pending already')
  requireNotOver(state.validUntil, at)
  const { contractVersion, terms } = checkTerms(amendedWish(state, changes), known, at)
  const aggregate = agreementAggregate(state.id)
  const version = state.version + 1
  const because = reason === undefined ? {} : { reason }
  return [
    { type: 'agreement-amendment-requested', aggregate, version, contractVersion, proposer, ...because, ...terms },
    ...(state.owner === bus.id ? [{ type: 'agreement-amended', aggregate, version, ...forTheAsking } as const] : []),
  ]
}

/** The terms as they are, with what changes; fields no longer agreed need no pseudonym. */
export function amendedWish(state: AgreementState, changes: AmendAgreement['changes']): Wish {
  const present = termsOf(state)
  const fields = changes.fields ?? present.fields
  const pseudonymous = present.pseudonymous?.filter((name) => fields.includes(name))
  const merged: Record<string, unknown> = { ...present, ...(pseudonymous === undefined ? {} : { pseudonymous }) }
  for (const [name, value] of Object.entries(changes)) if (value !== undefined) merged[name] = value ?? undefined
  return { ...(merged as Partial<Wish>), ...required(present, changes) }
}

const required = (present: Wish, { purpose, legalBasis, fields, validUntil }: AmendAgreement['changes']) => ({
  purpose: purpose ?? present.purpose,
  legalBasis: legalBasis ?? present.legalBasis,
  fields: fields ?? present.fields,
  validUntil: validUntil ?? present.validUntil,
})

export function requireNotOver(validUntil: string, at: Date): void {
  if (Date.parse(validUntil) > at.getTime()) return
  throw stateConflict('La vigencia del acuerdo ya terminó', 'The validity of the agreement is over')
}
