import type { Engine, Message } from '@unavez/engine'
import { type DeliveredEvent, RangeDigest } from '@unavez/protocol'

/** A record of the topic `disclosures`, as its format says. */
export interface DisclosureRecord {
  readonly topic: string
  readonly partition: number
  readonly subscription: string
  readonly agreement: string
  readonly from: number
  readonly next: number
  readonly n: number
  readonly at: string
  readonly rules: number
  readonly count: number
  readonly hash: string
  readonly subjects: readonly (readonly string[])[]
}

export interface Disclosed {
  readonly record: DisclosureRecord
  readonly message: Message
}

const partitions = Array.from({ length: 12 }, (_, partition) => partition)

/** All messages of one partition, in order. */
export async function messagesOf(engine: Engine, topic: string, partition: number): Promise<readonly Message[]> {
  const messages: Message[] = []
  for (let offset = 0; ;) {
    const page = await engine.log.read({ topic, partition, offset }, { messages: 1000, bytes: 4_000_000, waitMs: 0 })
    messages.push(...page.messages)
    if (page.next === offset || page.next >= page.end) return messages
    offset = page.next
  }
}

/** What was disclosed to a subscription, per partition of the events, in order. */
export async function disclosuresOf(engine: Engine, subscription: string): Promise<readonly (readonly Disclosed[])[]> {
  const read = async (partition: number): Promise<readonly Disclosed[]> =>
    (await messagesOf(engine, 'disclosures', partition))
      .map((message) => ({ message, record: JSON.parse(String(message.value)) as DisclosureRecord }))
      .filter(({ record }) => record.subscription === subscription && 'next' in record)
  return Promise.all(partitions.map(read))
}

/** Positions are opaque to consumers; these tests know their format: base32hex of partition (2) and offset (11). */
export const placeOf = ({ position }: DeliveredEvent): { readonly partition: number; readonly offset: number } => ({
  partition: Number.parseInt(position.slice(0, 2), 32),
  offset: Number.parseInt(position.slice(2), 32),
})

/** Count and hash of the events of one partition within a range, computed as a consumer's kit does. */
export function digestOf(events: readonly DeliveredEvent[], { partition, from, next }: DisclosureRecord) {
  const digest = new RangeDigest()
  const within = events
    .map((event) => ({ event, ...placeOf(event) }))
    .filter((each) => each.partition === partition && each.offset >= from && each.offset < next)
    .toSorted((a, b) => a.offset - b.offset)
  for (const { event } of within) digest.add(event.source, event.id, JSON.stringify(event))
  return digest.end()
}
