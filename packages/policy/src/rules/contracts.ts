import type { ContractState } from '../state.ts'
import { all, type Answer, type Asked, missing, needsRole, refuse, type Rule, yes } from './asked.ts'

/** Contracts are public in the catalogue: every speaker sees why not. */
function withContract({ policy, on }: Asked, check: (contract: ContractState) => Answer): Answer {
  if (on.kind !== 'contract') return 'hidden'
  const contract = policy.contract(on.id)
  return contract === undefined ? missing(policy, `contract:${on.id}`) : check(contract)
}

const ownedBySpeaker = ({ speaker }: Asked, owner: string): Answer =>
  owner === speaker.institution ? yes : refuse('contract-owner', owner)

/** Whether it may be exchanged under. */
export function standing({ state, owner }: ContractState): Answer {
  switch (state) {
    case 'published':
    case 'deprecated':
      return yes
    case 'draft':
      return refuse('contract-not-published', owner)
    case 'retired':
      return refuse('contract-retired', owner)
  }
}

/** On an institution: what is offered could not be read, so only whether the speaker publishes at all is known. */
export const publish: Rule = {
  name: 'events-are-published-by-the-owner-of-their-contract',
  answer: (asked) =>
    asked.on.kind === 'institution'
      ? asked.on.id === asked.speaker.institution
        ? needsRole(asked, 'publisher')
        : 'hidden'
      : withContract(asked, (contract) =>
          all(
            ownedBySpeaker(asked, contract.owner),
            needsRole(asked, 'publisher'),
            standing(contract),
            contract.kind === 'event' ? yes : refuse('contract-not-event', contract.owner),
          ),
        ),
}

const keepers = ['publisher', 'provider', 'administrator'] as const

/** On the institution that is to own the contract. One that does not exist is hidden, so that no refusal repeats an unknown name. */
export const draftContract: Rule = {
  name: 'contracts-are-drafted-by-their-owner',
  answer: (asked) => {
    const { on, policy } = asked
    if (on.kind === 'contract') return publishContract.answer(asked)
    if (on.kind !== 'institution') return 'hidden'
    if (policy.institution(on.id) === undefined) return missing(policy, `institution:${on.id}`)
    return all(ownedBySpeaker(asked, on.id), needsRole(asked, ...keepers))
  },
}

export const publishContract: Rule = {
  name: 'contracts-are-published-by-their-owner',
  answer: (asked) =>
    withContract(asked, ({ owner, state }) =>
      all(
        ownedBySpeaker(asked, owner),
        needsRole(asked, ...keepers),
        state === 'retired' ? refuse('contract-retired', owner) : yes,
      ),
    ),
}

const kept: Rule['answer'] = (asked) =>
  withContract(asked, ({ owner }) => all(ownedBySpeaker(asked, owner), needsRole(asked, ...keepers)))

export const deprecateContract: Rule = {
  name: 'contracts-are-deprecated-by-their-owner',
  answer: kept,
}

export const retireContract: Rule = {
  name: 'contracts-are-retired-by-their-owner',
  answer: kept,
}

export const readContract: Rule = {
  name: 'contracts-are-public',
  answer: (asked) => (asked.on.kind === 'contract' ? withContract(asked, () => yes) : yes),
}
