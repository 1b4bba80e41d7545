import { openEmbeddedEngine } from '@unavez/engine-embedded'
import type { Fact } from '@unavez/policy'
import type { Service } from '@unavez/service-kit'
import { type OpenBus, openTestBus } from '@unavez/service-kit/testing'

export const openBus = (service: Service, facts: readonly Fact[]): Promise<OpenBus> =>
  openTestBus({ service, facts, openEngine: (directory) => openEmbeddedEngine({ directory }) })
