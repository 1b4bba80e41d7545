import type { ReasonCode } from '@unavez/policy'

import type { Asked } from './ask.ts'

export interface Refused {
  /** Brings the bus to where the request is refused; gives the request. */
  readonly begin: () => Promise<Asked> | Asked
  readonly whoCanGrant: readonly string[]
  /** What the remedy says; gives the request that is allowed now, if it is another one. Absent: it can't be done over HTTP. */
  readonly remedy?: () => Promise<Asked | undefined>
}

/** Reasons that no caller can meet over HTTP, and why. */
export const unreachable: Partial<Record<ReasonCode, string>> = {
  'policy-too-new': 'it takes a record of a newer version of the bus',
  'subscription-blocked': 'only the bus blocks, and only once it holds more than ten thousand deliveries',
}
