import type { Aborted } from './recordset.ts'
import { api, type Call, Writer } from './wire/index.ts'

export interface FetchWish {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly bytes: number
}

export interface FetchLimits {
  /** How long the broker may wait for a first record. Milliseconds. */
  readonly waitMs: number
  readonly bytes: number
}

export interface FetchedPartition {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
  /** The last stable offset: everything before it is decided. */
  readonly end: number
  /** The first offset that can be read. */
  readonly first: number
  readonly aborted: readonly Aborted[]
  readonly records: Buffer
}

const noRecords = Buffer.alloc(0)

/**
 * Fetch 10, and not 11: from 11 on a replica that does not lead answers too, with an end that may be long past.
 * replica_id max_wait_ms min_bytes max_bytes isolation_level session_id session_epoch
 * [topic [partition leader_epoch offset log_start_offset max_bytes]] [forgotten]
 * → throttle_time_ms error_code session_id
 * [topic [partition error_code high_watermark last_stable_offset log_start_offset [producer_id first_offset] records]]
 */
export const fetchCall = (wishes: readonly FetchWish[], limits: FetchLimits): Call<FetchedPartition[]> => ({
  ...api('Fetch'),
  body: new Writer()
    .int32(-1)
    .int32(limits.waitMs)
    .int32(1)
    .int32(limits.bytes)
    .int8(1)
    .int32(0)
    .int32(-1)
    .array([...Map.groupBy(wishes, ({ topic }) => topic)], ([topic, partitions], writer) =>
      writer
        .string(topic)
        .array(partitions, ({ partition, offset, bytes }) =>
          writer.int32(partition).int32(-1).int64(offset).int64(-1).int32(bytes),
        ),
    )
    .array([], () => {})
    .done(),
  read: (reader) => {
    reader.int32()
    const errorCode = reader.int16()
    if (errorCode !== 0) throw new Error(`a fetch was answered with error ${errorCode}`)
    reader.int32()
    return reader
      .array(() => {
        const topic = reader.string() ?? ''
        return reader.array(() => {
          const [partition, code] = [reader.int32(), reader.int16()]
          reader.int64()
          const [end, first] = [reader.int64(), reader.int64()]
          const aborted = reader.array(() => ({ producerId: reader.bigint(), firstOffset: reader.int64() }))
          return { topic, partition, errorCode: code, end, first, aborted, records: reader.bytes() ?? noRecords }
        })
      })
      .flat()
  },
})

export interface ListedOffset {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
  /** −1: there is none. */
  readonly offset: number
}

/** In place of a time. */
export const earliest = -2
export const latest = -1

/** ListOffsets 2: replica_id isolation_level [topic [partition time]] → throttle_time_ms [topic [partition error_code time offset]] */
export const listOffsetsCall = (topic: string, partitions: readonly number[], time: number): Call<ListedOffset[]> => ({
  ...api('ListOffsets'),
  body: new Writer()
    .int32(-1)
    .int8(1)
    .array([topic], (name, writer) =>
      writer.string(name).array(partitions, (partition) => writer.int32(partition).int64(time)),
    )
    .done(),
  read: (reader) => {
    reader.int32()
    return reader
      .array(() => {
        const name = reader.string() ?? ''
        return reader.array(() => {
          const [partition, errorCode] = [reader.int32(), reader.int16()]
          reader.int64()
          return { topic: name, partition, errorCode, offset: reader.int64() }
        })
      })
      .flat()
  },
})
