import { createRequire } from 'node:module'

import type { NewMessage } from '@unavez/engine'
import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { contentBytes, encodeBatch, fitsAlone } from '../src/produce-encode.ts'
import { takeMessages } from '../src/recordset.ts'
import { loadKafkajs } from '../src/wire/kafkajs.ts'

const require = createRequire(import.meta.url)

interface OtherEncoder {
  readonly RecordBatch: (options: object) => Promise<{ buffer: Buffer }>
}
const { RecordBatch }: OtherEncoder = require('kafkajs/src/protocol/recordBatch/v0')
const otherRecord: (options: object) => object = require('kafkajs/src/protocol/recordBatch/record/v0')

const { crc32c } = loadKafkajs()
const at = { topic: 'events.test', partition: 3 }
const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array))
const message = fc.record({
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.dictionary(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), bytes, { maxKeys: 5 }),
})
const messages = fc.array(message, { minLength: 1, maxLength: 150 })
const head = { id: 4_711n, epoch: 2, firstSequence: 99, timestamp: 1_700_000_000_000 }

const batchOf = (contents: readonly Omit<NewMessage, 'topic' | 'partition'>[]): Buffer =>
  encodeBatch(
    contents.map((content) => ({ message: { ...at, ...content }, content: contentBytes(content) })),
    head,
    crc32c,
  )

describe('record batches', () => {
  test('any messages are encoded byte for byte as kafkajs encodes them', async () => {
    await fc.assert(
      fc.asyncProperty(messages, async (contents) => {
        const records = contents.map((content, offsetDelta) => otherRecord({ ...content, offsetDelta }))
        const other = await RecordBatch({
          records,
          firstTimestamp: head.timestamp,
          maxTimestamp: head.timestamp,
          lastOffsetDelta: records.length - 1,
          producerId: head.id,
          producerEpoch: head.epoch,
          firstSequence: head.firstSequence,
        })
        const ours = batchOf(contents)
        // kafkajs writes 0 as the leader's epoch (bytes 12 to 16), which the broker overwrites; ours is −1, as in Java.
        ours.writeInt32BE(0, 12)
        expect(ours.equals(other.buffer)).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  test('what is encoded is read back the same', () => {
    fc.assert(
      fc.property(messages, (contents) => {
        const set = { bytes: batchOf(contents), aborted: [] }
        const taken = takeMessages(set, { ...at, offset: 0 }, { messages: 1_000, bytes: 1_000_000_000 })
        const found = taken.messages.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } }))
        expect(found).toEqual(contents.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } })))
      }),
      { numRuns: 50 },
    )
  })

  test('a thousand tiny headers that make a batch larger than brokers take don’t fit', () => {
    const names = Array.from({ length: 200_000 }, (_, index): [string, Buffer] => [`h${index}`, Buffer.alloc(0)])
    expect(fitsAlone(contentBytes({ key: null, value: null, headers: Object.fromEntries(names) }))).toBe(false)
    expect(fitsAlone(contentBytes({ key: null, value: Buffer.alloc(1_000_000), headers: {} }))).toBe(true)
  })
})
