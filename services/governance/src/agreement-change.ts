import { refuseIdentifier } from '@unavez/contracts'
import { type AgreementState, type Backlog, contractUsed, type Endorsement, type Fact } from '@unavez/policy'
import { Problem, type Text } from '@unavez/protocol'

import { agreementAggregate, requireNotOver } from './agreement.ts'
import { stateConflict } from './faults.ts'

export type ChangeAgreement =
  | {
      readonly change: 'approve'
      readonly reason: string
      /** Who says yes: for sensitive fields it takes a person of each side. */
      readonly by?: { readonly institution: string; readonly person?: string }
    }
  | { readonly change: 'reject' | 'suspend' | 'end'; readonly reason: string }
  | {
      readonly change: 'resume'
      readonly reason: string
      readonly backlog: Backlog
      /** The domain topic's next offset of each partition, with `skip`. */
      readonly skipTo?: readonly number[]
    }

/** Refuses 'not-found', and 'state-conflict' from a state that the change does not start from. */
export function changeAgreement(
  state: AgreementState | undefined,
  command: ChangeAgreement,
  at: Date,
): readonly Fact[] {
  if (state === undefined) throw new Problem('not-found')
  refuseIdentifier(command.reason, '/reason')
  const aggregate = agreementAggregate(state.id)
  const { reason } = command
  switch (command.change) {
    case 'approve':
      return approve(state, command, at)
    case 'reject':
      if (state.amendment !== undefined)
        return [{ type: 'agreement-amendment-rejected', aggregate, version: state.amendment.version, reason }]
      requireState(state, ['pending'])
      return [{ type: 'agreement-rejected', aggregate, reason }]
    case 'suspend':
      requireState(state, ['active'])
      return [{ type: 'agreement-suspended', aggregate, reason }]
    case 'end':
      requireState(state, ['draft', 'pending', 'active', 'suspended'])
      return [{ type: 'agreement-ended', aggregate, reason }]
    case 'resume': {
      requireState(state, ['suspended'])
      requireNotOver(state.validUntil, at)
      const { backlog, skipTo } = command
      const skip = skipTo === undefined ? {} : { skipTo }
      return [{ type: 'agreement-resumed', aggregate, reason, backlog, ...skip }, contractUsed(state.contract)]
    }
  }
}

/** What waits for a yes: the amendment, or else the agreement itself. */
function waiting(state: AgreementState) {
  const { amendment, id, contract } = state
  const aggregate = agreementAggregate(id)
  if (amendment !== undefined) {
    const { version, terms, endorsements } = amendment
    const yes = (reason: string): readonly Fact[] => [
      { type: 'agreement-amended', aggregate, version, reason },
      contractUsed(contract),
    ]
    return { version, ...terms, endorsements, yes }
  }
  requireState(state, ['pending'])
  const { version, sensitive, validUntil, endorsements } = state
  const yes = (reason: string): readonly Fact[] => [{ type: 'agreement-approved', aggregate, reason }]
  return { version, sensitive, validUntil, endorsements, yes }
}

/** Sensitive fields wait until the `dpo` of both sides have said yes, each once; the last one's yes is the agreement's. */
function approve(state: AgreementState, { reason, by }: ChangeAgreement & { change: 'approve' }, at: Date) {
  const { version, sensitive, validUntil, endorsements, yes } = waiting(state)
  requireNotOver(validUntil, at)
  if (sensitive === undefined) return yes(reason)
  if (by?.person === undefined) throw new Problem('forbidden')
  const { institution, person } = by
  if (endorsements.some((each) => each.institution === institution))
    throw stateConflict('Esa parte ya lo aprobó', 'That side has approved it already')
  const endorsed: Fact = {
    type: 'agreement-endorsed',
    aggregate: agreementAggregate(state.id),
    version,
    institution,
    person,
    reason,
  }
  return awaited(state, [...endorsements, { institution, person }]).length === 0
    ? [endorsed, ...yes(reason)]
    : [endorsed]
}

/** The sides whose `dpo` has not said yes. */
export const awaited = ({ consumer, owner }: AgreementState, endorsements: readonly Endorsement[]): readonly string[] =>
  [...new Set([consumer, owner])].filter((side) => !endorsements.some(({ institution }) => institution === side))

function requireState({ state }: AgreementState, from: readonly AgreementState['state'][]): void {
  if (from.includes(state)) return
  const { es, en } = stateNames[state]
  throw stateConflict(`El acuerdo está ${es}`, `The agreement is ${en}`)
}

const stateNames: Readonly<Record<AgreementState['state'], Text>> = {
  draft: { es: 'en borrador', en: 'a draft' },
  pending: { es: 'pendiente', en: 'pending' },
  active: { es: 'activo', en: 'active' },
  suspended: { es: 'suspendido', en: 'suspended' },
  ended: { es: 'terminado', en: 'ended' },
  rejected: { es: 'rechazado', en: 'rejected' },
}
