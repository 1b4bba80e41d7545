import type { Service } from '@unavez/service-kit'

import { agreementChangeRoutes } from './agreement-changes.ts'
import { agreementRoutes } from './agreement-routes.ts'
import { amendmentRoutes } from './amendment-routes.ts'
import { bulkRoutes } from './bulk-routes.ts'
import { delegationRoutes } from './delegation-routes.ts'
import { decisionRoutes } from './decision-routes.ts'
import { documentRoutes } from './document-routes.ts'
import { institutionRoutes } from './institution-routes.ts'
import { normRoutes } from './norm-routes.ts'
import { noticeRoutes } from './notice-routes.ts'
import { sweepNotices } from './notice-sweep.ts'
import { procedureRoutes } from './procedure-routes.ts'
import { requirementRoutes } from './requirement-routes.ts'

/** Who may exchange what, and why: institutions, agreements, and the explanation of every yes and no. */
export const governance: Service = {
  name: 'governance',
  async start(surroundings) {
    institutionRoutes(surroundings)
    agreementRoutes(surroundings)
    agreementChangeRoutes(surroundings)
    amendmentRoutes(surroundings)
    bulkRoutes(surroundings)
    documentRoutes(surroundings)
    normRoutes(surroundings)
    noticeRoutes(surroundings)
    procedureRoutes(surroundings)
    requirementRoutes(surroundings)
    delegationRoutes(surroundings)
    decisionRoutes(surroundings)
    await sweepNotices(surroundings)
  },
}
