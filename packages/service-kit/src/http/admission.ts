import type { IncomingMessage, ServerResponse } from 'node:http'

import { Problem } from '@unavez/protocol'

import { httpLimits } from './limits.ts'

/** Bounds the sum of the larger bodies that are being read or answered, so that many of them can't fill the memory. */
export class Admission {
  readonly #limit: number
  #underWay = 0

  constructor(limit: number = httpLimits.bodyBytesUnderWay) {
    this.#limit = limit
  }

  /** Counts the body until its answer has left. Throws 'body-too-large' or 'overloaded' before a byte of it is read. */
  enter({ headers }: IncomingMessage, response: ServerResponse, bodyLimit: number): void {
    const declared = headers['content-length']
    if (declared === undefined && headers['transfer-encoding'] === undefined) return
    const bytes = declared === undefined ? bodyLimit : Number(declared)
    if (bytes > bodyLimit) throw new Problem('body-too-large')
    if (bytes <= httpLimits.countedBodyBytes) return
    if (this.#underWay + bytes > this.#limit) throw new Problem('overloaded', { retryAfter: 1 })
    this.#underWay += bytes
    response.once('close', () => {
      this.#underWay -= bytes
    })
  }
}
