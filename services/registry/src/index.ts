import type { Service } from '@unavez/service-kit'

import { asyncapiRoute } from './asyncapi-routes.ts'
import { registerBusContracts } from './bus-contracts.ts'
import { checkRoute } from './check-routes.ts'
import { confluentRoutes } from './confluent-routes.ts'
import { endRoutes } from './contract-end-routes.ts'
import { writeRoutes } from './contract-routes.ts'
import { versionWriteRoutes } from './contract-version-routes.ts'
import { openCopying } from './mirror.ts'
import { openMirroring } from './mirroring.ts'
import { readKeyRoutes } from './read-key-routes.ts'
import { readRoutes } from './routes.ts'
import { openSchemaTexts } from './schema.ts'

/** Contracts and their versions, and Confluent's registry API over them. */
export const registry: Service = {
  name: 'registry',
  async start(surroundings) {
    await registerBusContracts(surroundings)
    asyncapiRoute(surroundings)
    readRoutes(surroundings)
    writeRoutes(surroundings)
    checkRoute(surroundings)
    versionWriteRoutes(surroundings)
    endRoutes(surroundings)
    readKeyRoutes(surroundings)
    confluentRoutes(surroundings)
    const { registryUrl } = surroundings.settings
    if (registryUrl !== undefined) {
      const mirroring = await openMirroring({ surroundings, copy: openCopying(registryUrl, openSchemaTexts()) })
      surroundings.onClose(() => mirroring.close())
    }
  },
}
