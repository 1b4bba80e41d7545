import { expect, test } from '@jest/globals'
import type { Surroundings } from '@unavez/service-kit'

import { Requests } from '../src/requests.ts'

test('a request is not decided upon while its view goes back: what stands behind an older row would be missed', async () => {
  const checkpoints = [40, 10]
  const surroundings = {
    keys: { of: () => Buffer.alloc(32) },
    engine: {
      views: {
        checkpoint: () => Promise.resolve(checkpoints.shift() ?? 10),
        get: () => Promise.resolve(undefined),
      },
      log: { read: () => Promise.resolve({ messages: [], next: 40, end: 40 }) },
    },
  } as unknown as Surroundings
  await expect(new Requests(surroundings).load('evr_1')).rejects.toMatchObject({ code: 'rebuilding' })
})
