import { bus, operator, unchanging } from '../operator.ts'
import { all, type Answer, type Asked, isOperator, missing, needsRole, refuse, type Rule, yes } from './asked.ts'

export const administratorOfOperator = (asked: Asked): Answer =>
  isOperator(asked) ? needsRole(asked, 'administrator') : refuse('operator-only', operator.id)

const institutionOf = ({ policy, on }: Asked): string | undefined =>
  on.kind === 'institution' ? on.id : on.kind === 'system' ? policy.system(on.id)?.institution : undefined

/**
 * An institution sees itself and its systems, the operator sees all but the bus, which nobody manages; anyone else doesn't see that
 * there is something.
 */
export const visible =
  (check: (asked: Asked) => Answer) =>
  (asked: Asked): Answer => {
    const { policy, on, speaker } = asked
    const institution = institutionOf(asked)
    if (institution === undefined) return on.kind === 'system' ? missing(policy, `system:${on.id}`) : 'hidden'
    if (institution === bus.id || (institution !== speaker.institution && !isOperator(asked))) return 'hidden'
    return policy.institution(institution) === undefined ? missing(policy, `institution:${institution}`) : check(asked)
  }

/** Lists show each institution what it may read of them. */
const listed =
  (answer: (asked: Asked) => Answer) =>
  (asked: Asked): Answer =>
    asked.on.kind === 'bus' ? yes : answer(asked)

export const stays = ({ on }: Asked): Answer =>
  on.kind !== 'bus' && unchanging.has(`${on.kind}:${on.id}`) ? refuse('operator-stays', operator.id) : yes

export const createInstitution: Rule = {
  name: 'institutions-are-created-by-the-operator',
  answer: administratorOfOperator,
}

export const readInstitution: Rule = {
  name: 'institutions-are-read-by-themselves-and-the-operator',
  answer: listed(visible(() => yes)),
}

export const suspendInstitution: Rule = {
  name: 'institutions-are-suspended-by-the-operator',
  answer: visible((asked) => all(administratorOfOperator(asked), stays(asked))),
}

export const registerSystem: Rule = {
  name: 'systems-are-registered-by-administrators',
  answer: visible((asked) => needsRole(asked, 'administrator')),
}

export const readSystem: Rule = {
  name: 'systems-are-read-by-their-institution-and-the-operator',
  answer: listed(visible(() => yes)),
}

export const suspendSystem: Rule = {
  name: 'systems-are-suspended-by-administrators',
  answer: visible((asked) => all(needsRole(asked, 'administrator'), stays(asked))),
}
