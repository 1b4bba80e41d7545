import { openPushSecrets } from '@unavez/exchange'
import { openAddressGuard, type Service } from '@unavez/service-kit'

import { attemptRoutes } from './attempt-routes.ts'
import { Asking } from './endpoint/consent.ts'
import { consentRoutes } from './endpoint/consent-routes.ts'
import { Endpoints } from './endpoint/endpoints.ts'
import { openSender } from './endpoint/sender.ts'
import { heldRoutes } from './held-routes.ts'
import { Deliveries } from './partition/deliveries.ts'
import { testRoute } from './test-route.ts'

/** Push: the events of a subscription go to its endpoint. */
export const delivery: Service = {
  name: 'delivery',
  start(surroundings) {
    const { clock, engine, keys, settings } = surroundings
    const secrets = openPushSecrets(engine.registers, keys.of('registers'))
    const guard = openAddressGuard(settings.privateEndpoints ?? [])
    const endpoints = new Endpoints({ secrets, guard, monotonic: () => clock.monotonic() })
    const asking = new Asking({ surroundings, endpoints })
    const sender = openSender({ surroundings, secrets, endpoints })
    const deliveries = new Deliveries(surroundings, sender)
    consentRoutes(surroundings)
    heldRoutes(surroundings)
    attemptRoutes(surroundings)
    testRoute(surroundings, sender)
    surroundings.onReady('delivery', () => deliveries.missing())
    surroundings.onClose(async () => {
      await Promise.all([asking.close(), deliveries.close()])
      endpoints.close()
    })
    return Promise.resolve()
  },
}
