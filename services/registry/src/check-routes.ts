import { type AgreementState, authorize, type ProcedureState } from '@unavez/policy'
import type { Surroundings } from '@unavez/service-kit'

import { checkBody } from './bodies.ts'
import { check, typeOf } from './check.ts'
import { replies } from './replies.ts'
import { schemaRules } from './schema.ts'

/** Agreements that are over are touched by nothing. */
const over: ReadonlySet<AgreementState['state']> = new Set(['rejected', 'ended'])

/** A rehearsal: nothing is decided, whatever the answer. */
export function checkRoute({ http, control }: Surroundings): void {
  http.route({
    method: 'POST',
    url: '/v1/contracts/check',
    owner: 'registry',
    summary: 'What would become of a contract or a version: validity, compatibility, advice, and whom it touches',
    access: { action: 'read-contract', on: () => ({ kind: 'bus' }) },
    body: checkBody,
    replies: { 200: replies.checked },
    handle({ actor, body, now }) {
      const { policy } = control
      const type = typeOf(body) ?? ''
      const readable = ({ id, state }: AgreementState): boolean =>
        !over.has(state) &&
        authorize(policy, { action: 'read-agreement', actor, on: { kind: 'agreement', id } }, now).allowed
      const accepts = ({ requirements }: ProcedureState): boolean =>
        requirements.some((requirement) => requirement.accepts.some((list) => list.includes(type)))
      const around = {
        contract: policy.contract(type),
        agreements: policy.agreementsOn(type).filter(readable),
        procedures: policy.procedures().filter(accepts),
      }
      return { body: check(body, around, schemaRules) }
    },
  })
}
