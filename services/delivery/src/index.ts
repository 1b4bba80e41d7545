import { openPushSecrets } from '@unavez/exchange'
import { openAddressGuard, type Service } from '@unavez/service-kit'

import { Asking } from './endpoint/consent.ts'
import { consentRoutes } from './endpoint/consent-routes.ts'
import { Endpoints } from './endpoint/endpoints.ts'

/** Push: the events of a subscription go to its endpoint. */
export const delivery: Service = {
  name: 'delivery',
  start(surroundings) {
    const { clock, engine, keys, settings } = surroundings
    const secrets = openPushSecrets(engine.registers, keys.of('registers'))
    const guard = openAddressGuard(settings.privateEndpoints ?? [])
    const endpoints = new Endpoints({ secrets, guard, monotonic: () => clock.monotonic() })
    const asking = new Asking({ surroundings, endpoints })
    consentRoutes(surroundings)
    surroundings.onClose(async () => {
      await asking.close()
      endpoints.close()
    })
    return Promise.resolve()
  },
}
