import { api, type Call, Reader, Writer } from './wire/index.ts'

/** FindCoordinator 1: key key_type → throttle_time_ms error_code error_message node_id host port */
export const findCoordinator = (group: string): Call<{ errorCode: number; broker: number }> => ({
  ...api('FindCoordinator'),
  body: new Writer().string(group).int8(0).done(),
  read: (reader) => {
    reader.int32()
    const errorCode = reader.int16()
    reader.string()
    return { errorCode, broker: reader.int32() }
  },
})

export interface JoinWish {
  readonly group: string
  /** Empty at first: the coordinator answers error 79 and gives one. */
  readonly member: string
  readonly topics: readonly string[]
  readonly sessionMs: number
  /** How long the coordinator waits for the other members. */
  readonly rebalanceMs: number
}

export interface Joined {
  readonly errorCode: number
  readonly generation: number
  readonly leader: string
  readonly member: string
  /** Told to the leader only. */
  readonly members: readonly { readonly member: string; readonly topics: readonly string[] }[]
}

/** As Kafka's own consumers name it, so that their tools can read the group. */
const protocol = { type: 'consumer', name: 'roundrobin' }

/**
 * JoinGroup 5: group session_timeout rebalance_timeout member instance protocol_type [name metadata]
 * → throttle_time_ms error_code generation protocol leader member [member instance metadata]
 * Metadata: version int16, [topic], user data.
 */
export const joinGroup = (wish: JoinWish): Call<Joined> => ({
  ...api('JoinGroup'),
  body: new Writer()
    .string(wish.group)
    .int32(wish.sessionMs)
    .int32(wish.rebalanceMs)
    .string(wish.member)
    .string(null)
    .string(protocol.type)
    .array([protocol.name], (name, writer) => writer.string(name).bytes(writeTopics(wish.topics)))
    .done(),
  read: (reader) => {
    reader.int32()
    const [errorCode, generation] = [reader.int16(), reader.int32()]
    reader.string()
    const [leader, member] = [reader.string() ?? '', reader.string() ?? '']
    const members = reader.array(() => {
      const name = reader.string() ?? ''
      reader.string()
      return { member: name, topics: readTopics(reader.bytes()) }
    })
    return { errorCode, generation, leader, member, members }
  },
})

const writeTopics = (topics: readonly string[]): Buffer =>
  new Writer()
    .int16(0)
    .array(topics, (topic, writer) => writer.string(topic))
    .bytes(null)
    .done()

function readTopics(metadata: Buffer | null): readonly string[] {
  if (metadata === null || metadata.length === 0) return []
  const reader = new Reader(metadata)
  reader.int16()
  return reader.array(() => reader.string() ?? '')
}

export interface Membership {
  readonly group: string
  readonly generation: number
  readonly member: string
}

export interface Share {
  readonly member: string
  readonly partitions: readonly { readonly topic: string; readonly partition: number }[]
}

/**
 * SyncGroup 3: group generation member instance [member assignment] → throttle_time_ms error_code assignment
 * Assignment: version int16, [topic [partition]], user data. Only the leader sends shares.
 */
export const syncGroup = (
  membership: Membership,
  shares: readonly Share[],
): Call<{ errorCode: number; partitions: Share['partitions'] }> => ({
  ...api('SyncGroup'),
  body: new Writer()
    .string(membership.group)
    .int32(membership.generation)
    .string(membership.member)
    .string(null)
    .array(shares, (share, writer) => writer.string(share.member).bytes(writeShare(share)))
    .done(),
  read: (reader) => {
    reader.int32()
    return { errorCode: reader.int16(), partitions: readShare(reader.bytes()) }
  },
})

const writeShare = ({ partitions }: Share): Buffer =>
  new Writer()
    .int16(0)
    .array([...Map.groupBy(partitions, ({ topic }) => topic)], ([topic, those], writer) =>
      writer.string(topic).array(those, ({ partition }) => writer.int32(partition)),
    )
    .bytes(null)
    .done()

function readShare(assignment: Buffer | null): Share['partitions'] {
  if (assignment === null || assignment.length === 0) return []
  const reader = new Reader(assignment)
  reader.int16()
  return reader
    .array(() => {
      const topic = reader.string() ?? ''
      return reader.array(() => ({ topic, partition: reader.int32() }))
    })
    .flat()
}

/** Heartbeat 3: group generation member instance → throttle_time_ms error_code */
export const heartbeat = ({ group, generation, member }: Membership): Call<{ errorCode: number }> => ({
  ...api('Heartbeat'),
  body: new Writer().string(group).int32(generation).string(member).string(null).done(),
  read: (reader) => {
    reader.int32()
    return { errorCode: reader.int16() }
  },
})

/** LeaveGroup 2: group member → throttle_time_ms error_code */
export const leaveGroup = (group: string, member: string): Call<{ errorCode: number }> => ({
  ...api('LeaveGroup'),
  body: new Writer().string(group).string(member).done(),
  read: (reader) => {
    reader.int32()
    return { errorCode: reader.int16() }
  },
})
