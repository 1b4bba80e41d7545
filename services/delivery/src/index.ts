import type { Service } from '@unavez/service-kit'

/** Push: the events of a subscription go to its endpoint. */
export const delivery: Service = {
  name: 'delivery',
  start: () => Promise.resolve(),
}
