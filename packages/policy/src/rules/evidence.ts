import type { AgreementState } from '../agreement-facts.ts'
import type { Policy } from '../policy.ts'
import { inForce, withAgreement } from './agreements.ts'
import { all, type Answer, type Asked, missing, needsRole, refuse, type Rule, yes } from './asked.ts'

/** What is asked for: one type of evidence that meets a requirement of a procedure. */
export interface EvidenceWanted {
  readonly procedure: string
  readonly requirement: string
  readonly evidenceType: string
}

/** The id of a target of kind `evidence`: `<procedure>/<requirement>/<type>`; none of the three holds a slash. */
export const evidenceTarget = ({ procedure, requirement, evidenceType }: EvidenceWanted) =>
  ({ kind: 'evidence', id: `${procedure}/${requirement}/${evidenceType}` }) as const

function wantedIn(id: string): EvidenceWanted {
  const [procedure = '', requirement = '', evidenceType = ''] = id.split('/')
  return { procedure, requirement, evidenceType }
}

/** Agreements of the consumer on the type, those made for the procedure first; an agreement for another procedure is none. */
const agreementsFor = (policy: Policy, consumer: string, wanted: EvidenceWanted): readonly AgreementState[] =>
  policy
    .agreementsOf(consumer)
    .filter(
      (agreement) =>
        agreement.consumer === consumer &&
        agreement.contract === wanted.evidenceType &&
        (agreement.procedure === undefined || agreement.procedure === wanted.procedure),
    )
    .toSorted((a, b) => Number(b.procedure !== undefined) - Number(a.procedure !== undefined))

/** The agreement in force under which an institution may ask; undefined if there is none. */
export const agreementForEvidence = (
  policy: Policy,
  { consumer, at, ...wanted }: EvidenceWanted & { readonly consumer: string; readonly at: Date },
): AgreementState | undefined =>
  agreementsFor(policy, consumer, wanted).find((agreement) => {
    const answer = inForce(policy, agreement, at)
    return answer !== 'hidden' && answer.length === 0
  })

function covered(asked: Asked, wanted: EvidenceWanted): Answer {
  const { policy, speaker, at } = asked
  const { evidenceType } = wanted
  if (agreementForEvidence(policy, { consumer: speaker.institution, at, ...wanted }) !== undefined) return yes
  const [nearest] = agreementsFor(policy, speaker.institution, wanted)
  const owner = policy.contract(evidenceType)?.owner
  return nearest === undefined
    ? refuse('agreement-missing', ...(owner === undefined ? [] : [owner]))
    : inForce(policy, nearest, at)
}

/** On a procedure: whether its requests are the speaker's at all. On evidence: whether an agreement covers this one. */
export const requestEvidence: Rule = {
  name: 'evidence-is-requested-by-the-procedure-under-an-active-agreement',
  answer: (asked) => {
    const { policy, on, speaker } = asked
    if (on.kind !== 'procedure' && on.kind !== 'evidence') return 'hidden'
    const wanted = wantedIn(on.id)
    const procedure = policy.procedure(on.kind === 'procedure' ? on.id : wanted.procedure)
    if (procedure === undefined)
      return missing(policy, `procedure:${on.kind === 'procedure' ? on.id : wanted.procedure}`)
    const own = all(
      procedure.institution === speaker.institution ? yes : refuse('procedure-owner', procedure.institution),
      needsRole(asked, 'requester'),
    )
    return on.kind === 'procedure' || own === 'hidden' || own.length > 0 ? own : covered(asked, wanted)
  },
}

/** Who holds evidence of a type: those that its contract names, else its owner. */
export function providersOf(policy: Policy, evidenceType: string): readonly string[] {
  const contract = policy.contract(evidenceType)
  if (contract === undefined) return []
  const named = contract.evidence?.providers?.map(({ institution }) => institution) ?? []
  return named.length === 0 ? [contract.owner] : named
}

/** On the bus: whether the speaker answers requests at all. On an agreement: whether it answers those made under it, now. */
export const provideEvidence: Rule = {
  name: 'evidence-is-provided-by-its-holder-under-an-active-agreement',
  answer: (asked) => {
    const { policy, on, speaker, at } = asked
    if (on.kind === 'bus') return needsRole(asked, 'provider')
    if (on.kind !== 'agreement') return 'hidden'
    const agreement = policy.agreement(on.id)
    if (agreement === undefined) return missing(policy, `agreement:${on.id}`)
    if (!providersOf(policy, agreement.contract).includes(speaker.institution)) return 'hidden'
    return all(needsRole(asked, 'provider'), inForce(policy, agreement, at))
  },
}

/** On the bus: whether the speaker has requests at all. On an agreement: whether its consumer may be shown evidence, now. */
export const readEvidence: Rule = {
  name: 'evidence-is-read-by-its-requester-under-an-active-agreement',
  answer: (asked) => {
    const { policy, on, speaker, at } = asked
    if (on.kind === 'bus') return needsRole(asked, 'requester', 'provider', 'administrator')
    return withAgreement(asked, (agreement) =>
      all(
        agreement.consumer === speaker.institution ? yes : refuse('consumer-only', agreement.consumer),
        needsRole(asked, 'requester'),
        inForce(policy, agreement, at),
      ),
    )
  },
}

/** Portals speak for the citizen before them: whom, says the assertion that comes along. */
export const previewEvidence: Rule = {
  name: 'previews-are-shown-by-citizen-portals',
  answer: (asked) => needsRole(asked, 'citizen-portal'),
}
