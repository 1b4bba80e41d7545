import type { Actor, By } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

/** What is recorded of who speaks: the key that proved it is not part of it. */
export const byOf = ({ institution, system, person, onBehalfOf }: Actor): By => ({
  institution,
  system,
  ...(person === undefined ? {} : { person }),
  ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
})

/** Names the speaker among all: `te.registro`, `te/ana`, and `caja.main@css` for what caja does for css. */
export const speakerName = ({ institution, system, person, onBehalfOf }: Actor): string =>
  `${institution}${person === undefined ? `.${system}` : `/${person}`}${onBehalfOf === undefined ? '' : `@${onBehalfOf}`}`

const institutionId = /^[a-z][a-z0-9-]{1,40}$/

/** `On-Behalf-Of: <institution>`: the delegate says for whom it acts. Whether it may is a matter of policy. */
export function onBehalf(actor: Actor, header: string | string[] | undefined): Actor {
  if (header === undefined) return actor
  if (typeof header === 'string' && institutionId.test(header) && actor.person === undefined) {
    return Object.freeze({ ...actor, onBehalfOf: header })
  }
  throw new Problem('header-invalid', {
    detail: {
      es: 'On-Behalf-Of: el identificador de una institución, y solo de un sistema',
      en: 'On-Behalf-Of: the id of an institution, and from systems only',
    },
  })
}
