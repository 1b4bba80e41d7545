import type { Service } from '@unavez/service-kit'

import { startPublishing } from './publishing.ts'
import { pullRoutes } from './pull-routes.ts'
import { subscriptionRoutes } from './subscription-routes.ts'

/** Institutions publish and pull here. */
export const gateway: Service = {
  name: 'gateway',
  async start(surroundings) {
    await startPublishing(surroundings)
    subscriptionRoutes(surroundings)
    await pullRoutes(surroundings)
  },
}
