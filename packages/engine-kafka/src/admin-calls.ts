import { api, type Call, Writer } from './wire/index.ts'

const topicResource = 2

export interface NewTopic {
  readonly name: string
  readonly partitions: number
  readonly replication: number
  readonly settings: Readonly<Record<string, string>>
}

export interface TopicAnswer {
  readonly name: string
  readonly code: number
  readonly message: string | null
}

/**
 * CreateTopics 4: [name partitions replication [partition [broker]] [config value]] timeout_ms validate_only
 * → throttle_time_ms [name error_code error_message]
 */
export const createTopics = (topics: readonly NewTopic[], timeoutMs: number): Call<readonly TopicAnswer[]> => ({
  ...api('CreateTopics'),
  body: new Writer()
    .array(topics, ({ name, partitions, replication, settings }, writer) =>
      writer
        .string(name)
        .int32(partitions)
        .int16(replication)
        .array([], () => {})
        .array(Object.entries(settings), ([setting, value]) => writer.string(setting).string(value)),
    )
    .int32(timeoutMs)
    .bool(false)
    .done(),
  read: (reader) => {
    reader.int32()
    return reader.array(() => ({ name: reader.string() ?? '', code: reader.int16(), message: reader.string() }))
  },
})

export interface TopicSettings extends TopicAnswer {
  readonly settings: ReadonlyMap<string, string>
}

/**
 * DescribeConfigs 1: [type name [config]] include_synonyms
 * → throttle_time_ms [error_code error_message type name [name value read_only source sensitive [name value source]]]
 */
export const describeTopics = (
  topics: readonly string[],
  settings: readonly string[],
): Call<readonly TopicSettings[]> => ({
  ...api('DescribeConfigs'),
  body: new Writer()
    .array(topics, (topic, writer) =>
      writer
        .int8(topicResource)
        .string(topic)
        .array(settings, (setting) => writer.string(setting)),
    )
    .bool(false)
    .done(),
  read: (reader) => {
    reader.int32()
    return reader.array(() => {
      const [code, message] = [reader.int16(), reader.string()]
      reader.int8()
      const name = reader.string() ?? ''
      const found = reader.array((): [string, string] => {
        const setting: [string, string] = [reader.string() ?? '', reader.string() ?? '']
        reader.bool()
        reader.int8()
        reader.bool()
        reader.array(() => [reader.string(), reader.string(), reader.int8()])
        return setting
      })
      return { name, code, message, settings: new Map(found) }
    })
  },
})

/** DeleteRecords 1: [topic [partition offset]] timeout_ms → throttle_time_ms [topic [partition low_watermark error_code]] */
export const deleteRecords = (
  { topic, partition }: { readonly topic: string; readonly partition: number },
  before: number,
  timeoutMs: number,
): Call<{ readonly code: number }> => ({
  ...api('DeleteRecords'),
  body: new Writer()
    .array([topic], (name, writer) => writer.string(name).array([partition], (one) => writer.int32(one).int64(before)))
    .int32(timeoutMs)
    .done(),
  read: (reader) => {
    reader.int32()
    const answers = reader.array(() => {
      reader.string()
      return reader.array(() => ({ partition: reader.int32(), first: reader.int64(), code: reader.int16() }))
    })
    const own = answers.flat().find((answer) => answer.partition === partition)
    if (own === undefined) throw new Error('DeleteRecords was answered without the partition')
    return own
  },
})
