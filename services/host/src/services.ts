import { delivery } from '@unavez/delivery'
import { evidence } from '@unavez/evidence'
import { gateway } from '@unavez/gateway'
import { governance } from '@unavez/governance'
import { identity } from '@unavez/identity'
import { registry } from '@unavez/registry'
import { sandbox } from '@unavez/sandbox'
import type { Service } from '@unavez/service-kit'

import { ConfigError } from './config.ts'

/** The product's table of contents, in the order in which services start. */
export const services: readonly Service[] = [identity, registry, governance, gateway, delivery, evidence, sandbox]

/** The services named, or all. Unknown names are answered with the valid ones. */
export function selectServices(names: readonly string[]): readonly Service[] {
  const unknown = names.filter((name) => !services.some((service) => service.name === name))
  if (unknown.length > 0) {
    const valid = services.map((service) => service.name).join(', ')
    throw new ConfigError(`No service is called ${unknown.join(', ')}. The services are: ${valid}.`)
  }
  return names.length === 0 ? services : services.filter((service) => names.includes(service.name))
}
