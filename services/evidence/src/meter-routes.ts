import { agreementForEvidence, operator, type Policy, type ProcedureState } from '@unavez/policy'
import type { Surroundings } from '@unavez/service-kit'

import { onBus, owner, speakerOf } from './access.ts'
import { meterQuery } from './bodies.ts'
import type { Evidence } from './evidence.ts'
import { replies } from './replies.ts'
import { added, type Counted, nothingCounted } from './meter.ts'

/** The once-only meter: papers that nobody had to bring. */
export function meterRoutes({ http, control }: Surroundings, { lists }: Evidence): void {
  http.route({
    method: 'GET',
    url: '/v1/meter',
    owner,
    summary: 'Documents not asked for, by procedure or institution',
    access: { action: 'read-procedure', on: onBus },
    query: meterQuery,
    replies: { 200: replies.meter },
    async handle(call) {
      const seesAll = speakerOf(call) === operator.id
      const own = control.policy.procedures().filter(({ institution }) => seesAll || institution === speakerOf(call))
      const counts = await lists.counted(own.map(({ id }) => id))
      const items =
        call.query.by === 'institution'
          ? byInstitution(own, counts)
          : own.map((procedure, i) => ({
              procedure: procedure.id,
              institution: procedure.institution,
              ...(counts[i] ?? nothingCounted),
              violations: violationsOf(control.policy, procedure, call.now),
            }))
      return { body: { items } }
    },
  })
}

/** Requirements that people still bring papers for, although there is evidence on the bus that nobody has agreed on. */
const violationsOf = (policy: Policy, { id, institution, requirements }: ProcedureState, at: Date) =>
  requirements.flatMap(({ id: requirement, accepts }) => {
    const offered = accepts.filter((types) => types.every((type) => isOffered(policy, type)))
    const isCovered = accepts.some((types) =>
      types.every(
        (evidenceType) =>
          agreementForEvidence(policy, { procedure: id, requirement, evidenceType, consumer: institution, at }) !==
          undefined,
      ),
    )
    return offered.length === 0 || isCovered ? [] : [{ requirement, types: [...new Set(offered.flat())] }]
  })

const isOffered = (policy: Policy, type: string): boolean => {
  const state = policy.contract(type)?.state
  return state === 'published' || state === 'deprecated'
}

function byInstitution(procedures: readonly ProcedureState[], counts: readonly Counted[]): readonly object[] {
  const sums = new Map<string, Counted>()
  for (const [i, { institution }] of procedures.entries())
    sums.set(institution, added(sums.get(institution) ?? nothingCounted, counts[i] ?? nothingCounted))
  return [...sums].map(([institution, counted]) => ({ institution, ...counted }))
}
