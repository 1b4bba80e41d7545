import { canonicalIdentifier, MacKey, Parameters, refuseIdentifier, rootPseudonym } from '@unavez/contracts'
import {
  type AgreementState,
  agreementForEvidence,
  type ContractState,
  encodeDecision,
  evidenceTarget,
  type Ground,
  type Requirement,
} from '@unavez/policy'
import { addDuration, Problem } from '@unavez/protocol'
import { type Call, identifierOf, type Surroundings } from '@unavez/service-kit'

import type { Asked, Grounds } from './facts.ts'
import { providerFor } from './providers.ts'
import { sealHidden, type Sealing, type SubjectInClear } from './sealing.ts'

/** The body of a request for evidence. */
export interface Wish {
  readonly procedure: string
  readonly requirement: string
  readonly evidenceType?: string
  readonly parameters?: Readonly<Record<string, unknown>>
  readonly subject: SubjectInClear
  readonly grounds: Grounds & { readonly proof?: string }
  readonly fields?: readonly string[]
  readonly maxAge?: string
  readonly deadline?: string
  readonly preview?: boolean
  readonly language?: 'es' | 'en'
}

const askLimits = {
  /** Deadlines end a request's life; longer ones are asked for anew. */
  deadlineDays: 400,
  /** In an emergency the answer is wanted now, or it was none. */
  emergencyHours: 24,
  /** Without a word of the contract. */
  answerWithin: 'P1D',
} as const

/**
 * From a wish to what is asked, of whom, under what: everything is checked and sealed before the first record is written. Refuses with
 * the problem and the pointer of what is wrong; authorises as it learns what it is about.
 */
export class Asking {
  readonly #surroundings: Surroundings
  readonly #sealing: Sealing
  readonly #rootKey: MacKey

  constructor(surroundings: Surroundings, sealing: Sealing) {
    this.#surroundings = surroundings
    this.#sealing = sealing
    this.#rootKey = new MacKey(surroundings.keys.of('root-pseudonym'))
  }

  /** `run`: what ties together all that one run of a procedure asks for. */
  async ask(
    call: Call,
    wish: Wish,
    { id = identifierOf('evr', call), run }: { id?: string; run?: string } = {},
  ): Promise<Asked> {
    const { keys, control } = this.#surroundings
    const requirement = this.#requirementOf(wish)
    const evidenceType = this.#typeOf(wish, requirement, call.now)
    const target = evidenceTarget({ procedure: wish.procedure, requirement: wish.requirement, evidenceType })
    const decision = await call.authorize('request', target)
    const consumer = call.actor.onBehalfOf ?? call.actor.institution
    const agreement = agreementForEvidence(control.policy, { ...wish, evidenceType, consumer, at: call.now })
    const contract = control.policy.contract(evidenceType)
    if (agreement === undefined || contract === undefined) throw new Problem('agreement-not-active')
    requireGrounds(wish, requirement)
    const hidden = { subject: subjectOf(wish), ...parametersOf(contract, wish) }
    const provider = providerFor(contract, hidden.parameters ?? {})
    const fields = fieldsOf(wish, agreement)
    const deadline = deadlineOf(wish, contract, call.now)
    const maxAge = maxAgeOf(wish, call.now)
    const key = await this.#sealing.make(id)
    const { proof, ...grounds } = wish.grounds
    return {
      id,
      procedure: wish.procedure,
      requirement: wish.requirement,
      evidenceType,
      requester: consumer,
      provider,
      agreement: agreement.id,
      subject: rootPseudonym(this.#rootKey, hidden.subject),
      fields,
      grounds,
      preview: contract.evidence?.previewRequired === true || wish.preview === true,
      ...(maxAge === undefined ? {} : { maxAge }),
      ...(wish.language === undefined ? {} : { language: wish.language }),
      deadline: deadline.toISOString(),
      ...(run === undefined ? {} : { run }),
      decision: encodeDecision(keys.of('decision'), { action: 'request', actor: call.actor, on: target }, decision),
      traceId: call.traceId,
      sealed: sealHidden(key, hidden),
      ...(proof === undefined ? {} : { proof: this.#sealing.sealProof(id, proof) }),
    }
  }

  #requirementOf({ procedure, requirement }: Wish): Requirement {
    const found = this.#surroundings.control.policy
      .procedure(procedure)
      ?.requirements.find(({ id }) => id === requirement)
    if (found === undefined)
      throw bodyFault('/requirement', 'El trámite no tiene ese requisito', 'The procedure has no such requirement')
    return found
  }

  /** The one named, else the only one; of several, the only one that an agreement covers. */
  #typeOf(wish: Wish, { accepts }: Requirement, at: Date): string {
    const accepted = [...new Set(accepts.flat())]
    if (wish.evidenceType !== undefined) {
      if (!accepted.includes(wish.evidenceType))
        throw new Problem('evidence-type-not-accepted', { pointer: '/evidenceType' })
      return wish.evidenceType
    }
    const { policy } = this.#surroundings.control
    const consumer = policy.procedure(wish.procedure)?.institution ?? ''
    const covered = accepted.filter(
      (evidenceType) => agreementForEvidence(policy, { ...wish, evidenceType, consumer, at }) !== undefined,
    )
    const [only, ...others] = accepted.length === 1 || covered.length === 0 ? accepted : covered
    if (only === undefined || (others.length > 0 && covered.length !== 0))
      throw new Problem('evidence-type-not-accepted', { pointer: '/evidenceType' })
    return only
  }
}

function requireGrounds({ grounds }: Wish, requirement: Requirement): void {
  const { kind, channel, officer, norm, proof } = grounds
  const accepted: readonly Ground[] = requirement.grounds
  // An emergency needs no one's leave beforehand: it is bounded, told to the citizen, and reviewed.
  if (kind !== 'emergency' && !accepted.includes(kind)) throw groundsFault('/grounds/kind')
  for (const [name, text] of Object.entries({ channel, officer, norm }))
    if (text !== undefined) refuseIdentifier(text, `/grounds/${name}`)
  if (kind === 'explicit-request' && proof === undefined) throw groundsFault('/grounds/proof')
  if (kind === 'explicit-request' && (channel === 'counter' || channel === 'phone') && officer === undefined)
    throw groundsFault('/grounds/officer')
  if (kind === 'ex-officio' && norm === undefined) throw groundsFault('/grounds/norm')
}

const groundsFault = (pointer: string): Problem => new Problem('grounds-not-accepted', { pointer })

function subjectOf({ subject }: Wish): SubjectInClear {
  const canonical = canonicalIdentifier(subject.scheme, subject.id)
  if (canonical === undefined) throw new Problem('identifier-invalid', { pointer: '/subject/id' })
  return canonical
}

function parametersOf(
  contract: ContractState,
  { parameters }: Wish,
): { readonly parameters?: Readonly<Record<string, unknown>> } {
  const declared = contract.evidence?.parameters
  if (declared === undefined) {
    if (parameters === undefined) return {}
    throw bodyFault(
      '/parameters',
      'Este tipo de evidencia no lleva parámetros',
      'This evidence type takes no parameters',
    )
  }
  return { parameters: new Parameters(declared).read(parameters ?? {}) }
}

/** The request can only tighten what was agreed. The key comes along: it tells whom the answer is about. */
function fieldsOf({ fields }: Wish, agreement: AgreementState): readonly string[] {
  if (fields === undefined) return agreement.fields
  const wrong = fields.findIndex((name, i) => !agreement.fields.includes(name) || fields.indexOf(name) !== i)
  if (wrong !== -1)
    throw bodyFault(`/fields/${wrong}`, 'El acuerdo no incluye ese campo', 'The agreement does not include that field')
  return agreement.fields.filter((name) => fields.includes(name))
}

function deadlineOf({ deadline, grounds }: Wish, contract: ContractState, now: Date): Date {
  const wanted = deadline ?? contract.evidence?.answerWithin ?? askLimits.answerWithin
  const at = wanted.startsWith('P') ? addDuration(now, wanted) : new Date(wanted)
  const lastMs =
    grounds.kind === 'emergency' ? askLimits.emergencyHours * 3_600_000 : askLimits.deadlineDays * 86_400_000
  if (at === undefined || !(at.getTime() > now.getTime()) || at.getTime() > now.getTime() + lastMs)
    throw new Problem('deadline-invalid', { pointer: '/deadline' })
  return at
}

function maxAgeOf({ maxAge }: Wish, now: Date): string | undefined {
  if (maxAge !== undefined && addDuration(now, maxAge) === undefined)
    throw bodyFault('/maxAge', 'Debe ser una duración ISO 8601', 'It must be an ISO 8601 duration')
  return maxAge
}

const bodyFault = (pointer: string, es: string, en: string): Problem =>
  new Problem('body-invalid', { pointer, detail: { es, en } })
