import { all, type Answer, type Asked, missing, needsRole, refuse, type Rule, yes } from './asked.ts'

/** Norms are quoted by all: whoever administers an institution may add one, and no one changes it. */
export const registerNorm: Rule = {
  name: 'norms-are-registered-by-administrators',
  answer: (asked) => needsRole(asked, 'administrator'),
}

export const readNorm: Rule = {
  name: 'norms-are-public',
  answer: ({ policy, on }) =>
    on.kind !== 'norm' || policy.norm(on.id) !== undefined ? yes : missing(policy, `norm:${on.id}`),
}

const ofSpeaker = ({ speaker }: Asked, institution: string): Answer =>
  institution === speaker.institution ? yes : refuse('procedure-owner', institution)

const keepers = ['requester', 'administrator'] as const

/** On the institution that is to offer it, or on the procedure. An institution that does not exist is hidden. */
export const registerProcedure: Rule = {
  name: 'procedures-are-kept-by-their-institution',
  answer: (asked) => {
    const { policy, on } = asked
    if (on.kind === 'procedure') {
      const procedure = policy.procedure(on.id)
      if (procedure === undefined) return missing(policy, `procedure:${on.id}`)
      return all(ofSpeaker(asked, procedure.institution), needsRole(asked, ...keepers))
    }
    if (on.kind !== 'institution') return 'hidden'
    if (policy.institution(on.id) === undefined) return missing(policy, `institution:${on.id}`)
    return all(ofSpeaker(asked, on.id), needsRole(asked, ...keepers))
  },
}

export const readProcedure: Rule = {
  name: 'procedures-are-public',
  answer: ({ policy, on }) =>
    on.kind !== 'procedure' || policy.procedure(on.id) !== undefined ? yes : missing(policy, `procedure:${on.id}`),
}
