import { type Reader, Writer } from './bytes.ts'

/** One request of Kafka's protocol, encoded, and how its answer is read. `read` throws on an answer it can't make sense of. */
export interface Call<T> {
  readonly apiKey: number
  readonly apiVersion: number
  readonly apiName: string
  readonly body: Buffer
  readonly read: (reader: Reader) => T
}

/** What every broker must offer. The versions are those that Kafka 2.4 to 4.x have in common. */
export const needed = [
  { apiKey: 0, apiVersion: 7, apiName: 'Produce' },
  { apiKey: 1, apiVersion: 10, apiName: 'Fetch' },
  { apiKey: 2, apiVersion: 2, apiName: 'ListOffsets' },
  { apiKey: 3, apiVersion: 5, apiName: 'Metadata' },
  { apiKey: 10, apiVersion: 1, apiName: 'FindCoordinator' },
  { apiKey: 11, apiVersion: 5, apiName: 'JoinGroup' },
  { apiKey: 12, apiVersion: 3, apiName: 'Heartbeat' },
  { apiKey: 13, apiVersion: 2, apiName: 'LeaveGroup' },
  { apiKey: 14, apiVersion: 3, apiName: 'SyncGroup' },
  { apiKey: 19, apiVersion: 4, apiName: 'CreateTopics' },
  { apiKey: 21, apiVersion: 1, apiName: 'DeleteRecords' },
  { apiKey: 22, apiVersion: 1, apiName: 'InitProducerId' },
  { apiKey: 32, apiVersion: 1, apiName: 'DescribeConfigs' },
] as const

export type NeededApi = (typeof needed)[number]['apiName']

/** Key, version and name of an API as `Call` wants them. */
export function api(name: NeededApi): Pick<Call<unknown>, 'apiKey' | 'apiVersion' | 'apiName'> {
  const found = needed.find(({ apiName }) => apiName === name)
  if (found === undefined) throw new Error(`Unknown API ${name}.`)
  return found
}

/** ApiVersions 0 → error_code [api_key min_version max_version] */
export const apiVersions = (): Call<ReadonlyMap<number, { min: number; max: number }>> => ({
  apiKey: 18,
  apiVersion: 0,
  apiName: 'ApiVersions',
  body: Buffer.alloc(0),
  read: (reader) => {
    const error = reader.int16()
    if (error !== 0) throw new Error(`ApiVersions was answered with error ${error}`)
    return new Map(reader.array(() => [reader.int16(), { min: reader.int16(), max: reader.int16() }]))
  },
})

export interface PartitionState {
  /** Broker id; −1 while nobody leads, which is no error of the topic. */
  readonly leader: number
  readonly replicas: readonly number[]
  readonly inSync: readonly number[]
}

export interface TopicState {
  readonly errorCode: number
  /** By partition number. */
  readonly partitions: ReadonlyMap<number, PartitionState>
}

export interface ClusterState {
  readonly brokers: ReadonlyMap<number, { readonly host: string; readonly port: number }>
  readonly controller: number
  readonly topics: ReadonlyMap<string, TopicState>
}

/**
 * Metadata 5: [topics] allow_auto_topic_creation → throttle_time_ms [node_id host port rack] cluster_id controller_id
 * [error_code name is_internal [error_code partition leader [replicas] [isr] [offline_replicas]]]
 */
export const metadata = (topics: readonly string[]): Call<ClusterState> => ({
  ...api('Metadata'),
  body: new Writer()
    .array(topics, (topic, writer) => writer.string(topic))
    .bool(false)
    .done(),
  read: (reader) => {
    reader.int32()
    const brokers = reader.array(() => {
      const broker = { id: reader.int32(), host: reader.string() ?? '', port: reader.int32() }
      reader.string()
      return broker
    })
    reader.string()
    const controller = reader.int32()
    const answered = reader.array(() => readTopic(reader))
    return {
      brokers: new Map(brokers.map(({ id, host, port }) => [id, { host, port }])),
      controller,
      topics: new Map(answered),
    }
  },
})

function readTopic(reader: Reader): [string, TopicState] {
  const errorCode = reader.int16()
  const name = reader.string() ?? ''
  reader.bool()
  const partitions = reader.array((): [number, PartitionState] => {
    reader.int16()
    const partition = reader.int32()
    const leader = reader.int32()
    const [replicas, inSync] = [reader.array(() => reader.int32()), reader.array(() => reader.int32())]
    reader.array(() => reader.int32())
    return [partition, { leader, replicas, inSync }]
  })
  return [name, { errorCode, partitions: new Map(partitions) }]
}
