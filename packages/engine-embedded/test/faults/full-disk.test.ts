import { rm } from 'node:fs/promises'

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type EngineError, isEngineError, type Message } from '@unavez/engine'

import { type EmbeddedEngine, openEmbeddedEngine } from '../../src/index.ts'
import { freshDirectory } from './child.ts'

const topic = 'facts'
const at = (offset: number) => ({ topic, partition: 0, offset })
const limits = { messages: 1_000, bytes: 1e7, waitMs: 0 }
const value = Buffer.alloc(10_000, 'x')

describe('a full disk', () => {
  let directory = ''
  let engine: EmbeddedEngine
  let refused: EngineError | undefined
  const acknowledged: number[] = []
  const append = async () => {
    const { position } = await engine.log.append({ topic, partition: 0, key: null, value, headers: {} })
    acknowledged.push(position.offset)
  }

  beforeEach(async () => {
    directory = await freshDirectory()
    engine = await openEmbeddedEngine({ directory, maxBytes: 1_000_000, ballastBytes: 100_000, ringBytes: 50_000 })
    await engine.log.ensureTopics([{ name: topic, partitions: 1, cleanup: 'keep' }])
    acknowledged.length = 0
    refused = undefined
    while (refused === undefined) {
      try {
        await append()
      } catch (error) {
        if (!isEngineError(error)) throw error
        refused = error
      }
    }
  })
  afterEach(async () => {
    await engine.close()
    await rm(directory, { recursive: true, force: true })
  })

  test('refuses what it can’t write, in one clear sentence, and says that it ails', async () => {
    const sentence = `The disk of ${directory} is full: nothing can be written, reading goes on.`
    expect(refused).toMatchObject({ code: 'not-written', message: sentence })
    expect(engine.ailments()).toEqual([sentence])
    await expect(engine.registers.put('key', value)).rejects.toMatchObject({ code: 'not-written' })
    const row = { view: 'view', partition: 'p', sort: 's', value: Buffer.alloc(100_000) }
    await expect(engine.views.write([row], { source: 's', from: 0, next: 1 })).rejects.toMatchObject({
      code: 'unavailable',
    })
    expect(await engine.views.checkpoint('s')).toBe(0)
  })

  test('P1: keeps everything acknowledged, nothing refused, and goes on reading', async () => {
    const page = await engine.log.read(at(0), limits)
    expect(page.messages.map(({ offset }: Message) => offset)).toEqual(acknowledged)
    expect(page.next).toBe(page.end)
  })

  test('lets trim run, after which it is fit again', async () => {
    await engine.log.trim({ topic, partition: 0 }, acknowledged.length - 10)
    while (engine.ailments().length > 0) await new Promise((resolve) => setTimeout(resolve, 20))
    await append()
    const page = await engine.log.read(at(acknowledged.length - 11), limits)
    expect(page.messages.map(({ offset }: Message) => offset)).toEqual(acknowledged.slice(-11))
  })

  test('starts as it was left: reading', async () => {
    await engine.close()
    engine = await openEmbeddedEngine({ directory, maxBytes: 1_000_000, ballastBytes: 100_000 })
    const page = await engine.log.read(at(0), limits)
    expect(page.messages.map(({ offset }: Message) => offset)).toEqual(acknowledged)
  })
})
