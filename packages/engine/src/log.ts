/** A log's partition. `topic` is the bus's own name (`events.civil`); the engine puts `TOPIC_PREFIX` in front of it. */
export interface PartitionId {
  readonly topic: string
  readonly partition: number
}

/** Where one message stands. Offsets grow within a partition and are never reused; gaps are possible. */
export interface Position extends PartitionId {
  readonly offset: number
}

/** Header names are lower case. A name that a foreign writer repeated keeps its last value. */
export type Headers = Readonly<Record<string, Buffer>>

/** Headers to write; text stands for its UTF-8, so that nobody makes a Buffer of it on the way. */
export type NewHeaders = Readonly<Record<string, Buffer | string>>

/** A message to append: explicit partition, opaque bytes. Key, value and headers together at most `limits.messageBytes`. */
export interface NewMessage extends PartitionId {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly headers: NewHeaders
}

export interface Message extends NewMessage {
  readonly headers: Headers
  readonly offset: number
  /** The log's own clock at the append; never earlier than a message before it on the same engine process. */
  readonly appendedAt: Date
  /** The same as `headers[name]?.toString()`, where an engine can tell it without decoding every header. */
  text?(name: string): string | undefined
}

/** Cleanup `keep` never forgets by itself (only `trim` does); `compact` keeps the latest message of each key. */
export interface TopicSpec {
  readonly name: string
  readonly partitions: number
  readonly cleanup: 'keep' | 'compact'
}

export interface ReadLimits {
  /** At most this many messages. */
  readonly messages: number
  /** About this many bytes of keys, values and headers; a page holds at least one message where there is one. */
  readonly bytes: number
  /** How long to wait for a first message when there is none; 0 answers at once. Milliseconds. */
  readonly waitMs: number
  /** Ends a wait early; the read then answers with an empty page. */
  readonly signal?: AbortSignal
}

export interface Page {
  readonly messages: readonly Message[]
  /** Offset to read from next: behind the last message returned, and behind whatever was skipped. */
  readonly next: number
  /** The offset that the next stable message will get or pass, as known when the answer was made, not when it was asked for. */
  readonly end: number
}

export interface PartitionBounds extends PartitionId {
  /** The first offset that can still be read. */
  readonly first: number
  /** The offset behind the last message. */
  readonly next: number
  /** First offset whose message was appended at or after the time asked for; `next` if there is none. Without a time: `first`. */
  readonly atTime: number
}

export interface Owning {
  /** What this member owns right now, by its own clock. */
  owned(): readonly PartitionId[]
  /** Aborts all work, waits until it has ended, and leaves the group so that others take over at once. */
  close(): Promise<void>
}

/**
 * Runs while a partition is owned; the signal says when to stop. Work that throws is started again with back-off; work that
 * returns has nothing more to do until the partition is owned anew.
 */
export type OwnedWork = (partition: PartitionId, signal: AbortSignal) => Promise<void>

export interface EventLog {
  /**
   * Asserts or makes the topics. Rejects 'cannot-start' on a wrong partition count, replication, timestamp type, cleanup
   * policy or unclean election. Any number of instances may call it at once. Nothing else ever makes a topic.
   */
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>
  /**
   * Durable on return: fsync, or the in-sync replicas. One message, explicit partition; calls made together travel
   * together, and calls made one after the other for one partition land in that order. Rejects within the budget
   * (`limits.appendBudgetMs`) with 'not-written' (nothing ever lands), 'unknown' (it may have landed, or land later),
   * 'message-too-large' or 'unknown-topic'.
   */
  append(message: NewMessage): Promise<{ readonly position: Position; readonly appendedAt: Date }>
  /**
   * From a position on, up to the limits. No state, any instance, any time. Rejects 'position-gone' if the offset was
   * trimmed (with the first one that can be read), 'position-ahead' if it lies behind the end, 'unknown-topic', 'unavailable'.
   * However fast it asks again, a reader leaves turns of the event loop to others.
   */
  read(from: Position, limits: ReadLimits): Promise<Page>
  /** First and next offset of each partition of a topic, and the first offset at or after a time. */
  bounds(topic: string, at?: Date): Promise<readonly PartitionBounds[]>
  /**
   * A lower bound of the partition's next offset, without asking anyone: what this instance has seen acknowledged or read
   * (0 if nothing). Everything appended from now on lands at or behind it.
   */
  lowerBound(partition: PartitionId): number
  /** Forgets everything before an offset. The only retention there is. Rejects 'position-ahead' behind the end; never un-trims. */
  trim(partition: PartitionId, before: number): Promise<void>
  /**
   * Shares the partitions of the topics among the members of a group: ownership only, no data. Two owners of one
   * partition may overlap for a moment, so ownership never carries correctness, only efficiency.
   */
  own(group: string, topics: readonly string[], work: OwnedWork): Promise<Owning>
}
