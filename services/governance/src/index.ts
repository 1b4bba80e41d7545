import type { Service } from '@unavez/service-kit'

import { agreementChangeRoutes } from './agreement-changes.ts'
import { agreementRoutes } from './agreement-routes.ts'
import { decisionRoutes } from './decision-routes.ts'
import { institutionRoutes } from './institution-routes.ts'

/** Who may exchange what, and why: institutions, agreements, and the explanation of every yes and no. */
export const governance: Service = {
  name: 'governance',
  async start(surroundings) {
    institutionRoutes(surroundings)
    agreementRoutes(surroundings)
    agreementChangeRoutes(surroundings)
    decisionRoutes(surroundings)
  },
}
