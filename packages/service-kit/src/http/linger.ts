import type { IncomingMessage } from 'node:http'

import { httpLimits } from './limits.ts'

/**
 * Reads on and throws away what a refused client is still sending: closing before that would reset the connection, and the
 * client would lose the answer that tells it why. Bounded in time and bytes; resolves when the body has ended or they are up.
 */
export function drained(request: IncomingMessage): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0
    const done = (): void => {
      clearTimeout(timer)
      request.off('data', count).off('end', done).off('close', done).off('error', done)
      resolve()
    }
    const count = (chunk: Buffer): void => {
      bytes += chunk.length
      if (bytes > httpLimits.lingerBytes) done()
    }
    const timer = setTimeout(done, httpLimits.lingerMs)
    request.on('data', count).on('end', done).on('close', done).on('error', done)
    request.resume()
    if (request.complete) done()
  })
}
