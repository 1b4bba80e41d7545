import type { Fact, FactOf } from '../src/index.ts'

/** A subscription of css that is pushed to its endpoint. */
export const aggregate = 'subscription:sub_2'
export const pushing = { kind: 'subscription', id: 'sub_2' } as const

export const signing = { use: 'signing', sealed: 'k1', public: 'whpk_1' } as const
export const secret = { use: 'secret', sealed: 's1' } as const
export const endpoint = { url: 'https://css.example/hooks', auth: 'bearer', sealed: 'a1', system: 'css.main' } as const

export const pushed: FactOf<'subscription-created'> = {
  type: 'subscription-created',
  aggregate,
  id: 'sub_2',
  agreement: 'agr_1',
  consumer: 'css',
  mode: 'push',
  start: [0, 0],
  endpoint,
  keys: [signing, secret],
}

export const consentedTo = (endpointVersion: number, more: { readonly ratePerMinute?: number } = {}): Fact => ({
  type: 'subscription-consented',
  aggregate,
  endpointVersion,
  by: 'handshake',
  ...more,
})
export const consented = consentedTo(1)
export const blocked: Fact = { type: 'subscription-blocked', aggregate, reason: 'held-too-many' }
export const paused: Fact = { type: 'subscription-paused', aggregate, reason: 'http-410' }
export const resumed: Fact = { type: 'subscription-resumed', aggregate, backlog: 'deliver' }
export const movedTo = (url: string, more: object = {}): Fact => ({
  type: 'subscription-endpoint-set',
  aggregate,
  endpoint: { ...endpoint, url, ...more },
})
