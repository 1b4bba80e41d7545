import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describeEngine } from '@unavez/engine/conformance'

import { openEmbeddedEngine } from '../src/index.ts'

describeEngine(
  'embedded',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'unavez-embedded-'))
    const engine = await openEmbeddedEngine({ directory })
    return {
      engine,
      another: async () => engine,
      misbehaviour: engine.misbehaviour,
      close: async () => {
        await engine.close()
        await rm(directory, { recursive: true })
      },
    }
  },
  { misbehaves: true, propertyRuns: 50 },
)
