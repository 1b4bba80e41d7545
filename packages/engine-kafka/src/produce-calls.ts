import type { ProducerIdentity } from './produce-encode.ts'
import { api, type Call, Writer } from './wire/index.ts'

/** How long the broker waits for its replicas before it says 7. */
const replicasMsMax = 4_000

export interface SentBatch {
  readonly topic: string
  readonly partition: number
  readonly bytes: Buffer
}

export interface PartitionAnswer {
  readonly code: number
  /** −1: none of it was appended. */
  readonly baseOffset: number
  /** −1 if the topic keeps the writer's clock. */
  readonly appendTime: number
}

export const answerKey = (topic: string, partition: number): string => `${topic}/${partition}`

/**
 * Produce 7: transactional_id acks timeout [topic [partition records]]
 * → [topic [partition error_code base_offset log_append_time log_start_offset]] throttle_time_ms
 */
export function produce(batches: readonly SentBatch[]): Call<ReadonlyMap<string, PartitionAnswer>> {
  const byTopic = Map.groupBy(batches, ({ topic }) => topic)
  const room = batches.reduce((sum, { bytes, topic }) => sum + bytes.length + topic.length + 32, 64)
  const body = new Writer(room)
    .string(null)
    .int16(-1)
    .int32(replicasMsMax)
    .array([...byTopic], ([topic, group], writer) =>
      writer.string(topic).array(group, ({ partition, bytes }) => writer.int32(partition).bytes(bytes)),
    )
    .done()
  return {
    ...api('Produce'),
    body,
    read: (reader) => {
      const answers = new Map<string, PartitionAnswer>()
      reader.array(() => {
        const topic = reader.string() ?? ''
        reader.array(() => {
          const partition = reader.int32()
          answers.set(answerKey(topic, partition), {
            code: reader.int16(),
            baseOffset: reader.int64(),
            appendTime: reader.int64(),
          })
          reader.int64()
        })
      })
      return answers
    },
  }
}

/** InitProducerId 1: transactional_id transaction_timeout_ms → throttle_time_ms error_code producer_id producer_epoch */
export const newProducerIdentity = (): Call<ProducerIdentity> => ({
  ...api('InitProducerId'),
  body: new Writer().string(null).int32(0).done(),
  read: (reader) => {
    reader.int32()
    const code = reader.int16()
    if (code !== 0) throw new Error(`no producer id was given (error ${code})`)
    return { id: reader.bigint(), epoch: reader.int16() }
  },
})
