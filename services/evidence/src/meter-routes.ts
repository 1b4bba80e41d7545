import { operator, type ProcedureState } from '@unavez/policy'
import type { Surroundings } from '@unavez/service-kit'

import { onBus, owner, speakerOf } from './access.ts'
import { meterQuery } from './bodies.ts'
import type { Evidence } from './evidence.ts'
import { added } from './lists.ts'
import { replies } from './replies.ts'
import { type Counted, nothingCounted } from './views.ts'

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
          : own.map(({ id, institution }, i) => ({ procedure: id, institution, ...(counts[i] ?? nothingCounted) }))
      return { body: { items } }
    },
  })
}

function byInstitution(procedures: readonly ProcedureState[], counts: readonly Counted[]): readonly object[] {
  const sums = new Map<string, Counted>()
  for (const [i, { institution }] of procedures.entries())
    sums.set(institution, added(sums.get(institution) ?? nothingCounted, counts[i] ?? nothingCounted))
  return [...sums].map(([institution, counted]) => ({ institution, ...counted }))
}
