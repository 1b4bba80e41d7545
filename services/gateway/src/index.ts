import type { Service } from '@unavez/service-kit'

import { startPublishing } from './publishing.ts'

/** Institutions publish and pull here. */
export const gateway: Service = {
  name: 'gateway',
  async start(surroundings) {
    await startPublishing(surroundings)
  },
}
