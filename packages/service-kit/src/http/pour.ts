import type { ServerResponse } from 'node:http'

import type { Chunk, Streamed } from '../http.ts'
import { httpLimits } from './limits.ts'

/** A stream whose first chunk has been made: what fails before that is told like any other problem. */
export interface Begun {
  readonly chunks: AsyncIterator<Chunk>
  readonly first: IteratorResult<Chunk>
}

export async function begin({ chunks }: Streamed): Promise<Begun> {
  const iterator = chunks[Symbol.asyncIterator]()
  return { chunks: iterator, first: await iterator.next() }
}

/**
 * Writes chunk after chunk; while the client does not take them none is made, so a slow one costs no more than what it was
 * given. A client that takes nothing for `idleMs` is cut off by the server, one that takes too little after `streamMs`.
 * `failed` is the last chunk, once something went wrong on the way.
 */
export async function pour(
  response: ServerResponse,
  { chunks, first }: Begun,
  failed: (error: unknown) => Chunk,
): Promise<void> {
  const late = setTimeout(() => response.destroy(), httpLimits.streamMs)
  response.once('close', () => clearTimeout(late))
  try {
    for (let next = first; next.done !== true; next = await chunks.next()) {
      const hasRoom = response.write(next.value)
      if (!hasRoom) await room(response)
      if (response.destroyed) break
    }
  } catch (error) {
    if (!response.destroyed) response.write(failed(error))
  } finally {
    await chunks.return?.()
    response.end()
  }
}

/** Until the client has taken what was written, or is gone. */
function room(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done).off('close', done)
      resolve()
    }
    response.on('drain', done).on('close', done)
    if (response.destroyed || !response.writableNeedDrain) done()
  })
}
