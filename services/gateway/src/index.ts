import type { Service } from '@unavez/service-kit'

import { digestRoutes } from './digest-routes.ts'
import { effectRoutes } from './effect-routes.ts'
import { oneEventRoute } from './one-event.ts'
import { pseudonymRoutes } from './pseudonym-routes.ts'
import { startPublishing } from './publishing.ts'
import { publishedEventRoute } from './published-event.ts'
import { openPages, pullRoutes } from './pull-routes.ts'
import { keepToRetention } from './retention/index.ts'
import { subscriptionRoutes } from './subscription-routes.ts'

/** Institutions publish and pull here. */
export const gateway: Service = {
  name: 'gateway',
  async start(surroundings) {
    await startPublishing(surroundings)
    subscriptionRoutes(surroundings)
    digestRoutes(surroundings)
    const pages = await openPages(surroundings)
    pullRoutes(surroundings, pages)
    oneEventRoute(surroundings, pages)
    publishedEventRoute(surroundings, pages)
    await effectRoutes(surroundings, pages)
    keepToRetention(surroundings, pages)
    pseudonymRoutes(surroundings)
  },
}
