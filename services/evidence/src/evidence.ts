import type { Surroundings } from '@unavez/service-kit'

import { Answering } from './answering.ts'
import { Asking } from './asking.ts'
import { Lists } from './lists.ts'
import { Requests } from './requests.ts'
import { Sealing } from './sealing.ts'
import { Shower } from './showing.ts'

/** What the routes of this service stand on. */
export interface Evidence {
  readonly requests: Requests
  readonly sealing: Sealing
  readonly asking: Asking
  readonly answering: Answering
  readonly shower: Shower
  readonly lists: Lists
}

export function openEvidence(surroundings: Surroundings): Evidence {
  const requests = new Requests(surroundings)
  const sealing = new Sealing(surroundings.engine.registers, surroundings.keys)
  return {
    requests,
    sealing,
    asking: new Asking(surroundings, sealing),
    answering: new Answering(surroundings, sealing),
    shower: new Shower(surroundings, { requests, sealing }),
    lists: new Lists(surroundings),
  }
}
