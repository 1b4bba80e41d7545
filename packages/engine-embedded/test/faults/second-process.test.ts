import { rm } from 'node:fs/promises'

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'

import { openEmbeddedEngine } from '../../src/index.ts'
import { Appender, freshDirectory } from './child.ts'

describe('a second process on the same data', () => {
  let directory = ''
  let appender: Appender
  beforeEach(async () => {
    directory = await freshDirectory()
    appender = new Appender(directory, 0)
    await appender.has(1)
  })
  afterEach(async () => {
    await appender.kill()
    await rm(directory, { recursive: true, force: true })
  })

  test('is refused in one clear sentence, and the first goes on', async () => {
    const before = appender.lines.length
    const refused = openEmbeddedEngine({ directory })
    await expect(refused).rejects.toMatchObject({
      code: 'cannot-start',
      message: `Another process uses the data directory ${directory}: stop it first, or choose another directory.`,
    })
    await appender.has(before + 100)
    expect(appender.lines.length).toBeGreaterThan(before)
  })

  test('starts if the first ends while it waits', async () => {
    const starting = openEmbeddedEngine({ directory })
    await appender.kill()
    const engine = await starting
    expect(await engine.log.bounds('facts')).toHaveLength(3)
    await engine.close()
  })
})
