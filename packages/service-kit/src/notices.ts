import { randomBytes } from 'node:crypto'

import type { Engine, Message, NewMessage, PartitionId } from '@unavez/engine'
import { type Policy, theBus } from '@unavez/policy'

import { Tracing } from './http/trace.ts'

export const noticesPartition: PartitionId = { topic: 'notices', partition: 0 }

/** Who follows the topic and publishes; its checkpoint says how far that is done. */
export const noticesFollower = 'notices'

/** Something that the bus has to tell an institution: an event of its own type, `unavez.bus.<fact>.v<major>`. */
export interface Notice {
  readonly type: string
  /** The event's id: made of what it is about, so that whoever finds the same has the same. */
  readonly id: string
  /** When it came about; RFC 3339 UTC. Part of what the id stands for, as the data is: never the present moment. */
  readonly occurredat: string
  /** By the type's contract; its key names the institution. */
  readonly data: Readonly<Record<string, unknown>>
  /** The id of the event that led to it. */
  readonly causedby?: string
}

/** A notice as it was raised, with when the log took it. */
export interface RaisedNotice extends Notice {
  readonly raisedAt: Date
  readonly traceparent: string
}

export interface Notices {
  /**
   * Durable on return. Any service may raise one, as often as it finds it: it becomes one event, published under its id like any other.
   * `n`: the control offset that it was found at. Rejects as an append does; then it is to be raised again.
   */
  raise(notice: Notice, n: number): Promise<void>
}

/**
 * Whether anybody of the institution that it is for listens to such a notice. Of what can happen a thousand times a second, only what
 * somebody wants to hear is raised.
 */
export function isWanted(policy: Policy, { type, data }: Notice): boolean {
  const { institution } = data
  if (typeof institution !== 'string') return false
  return policy
    .subscriptionsOf({ institution })
    .some(({ agreement, state }) => state !== 'ended' && policy.agreement(agreement)?.contract === type)
}

/** The door through which every service tells institutions something: it is written down here, and the gateway publishes it. */
export async function openNotices({ log }: Pick<Engine, 'log'>): Promise<Notices> {
  await log.ensureTopics([{ name: noticesPartition.topic, partitions: 1, cleanup: 'keep' }])
  const tracing = new Tracing()
  return {
    raise: async (notice, n) =>
      void (await log.append(encode(notice, { n, traceparent: tracing.traceparent(undefined) }))),
  }
}

/** Key = the notice's id, value = the notice as JSON. */
const encode = (notice: Notice, { n, traceparent }: { n: number; traceparent: string }): NewMessage => ({
  ...noticesPartition,
  key: Buffer.from(notice.id),
  value: Buffer.from(JSON.stringify(notice)),
  headers: {
    salt: randomBytes(16),
    n: Buffer.from(String(n)),
    by: Buffer.from(JSON.stringify(theBus('notices'))),
    traceparent: Buffer.from(traceparent),
  },
})

/** Undefined for a record that is no notice. */
export function readNotice({ value, headers, appendedAt }: Message): RaisedNotice | undefined {
  try {
    const notice: unknown = JSON.parse(value?.toString() ?? '')
    const traceparent = headers['traceparent']?.toString() ?? ''
    return isNotice(notice) ? { ...notice, raisedAt: appendedAt, traceparent } : undefined
  } catch {
    return undefined
  }
}

const isNotice = (value: unknown): value is Notice =>
  typeof value === 'object' &&
  value !== null &&
  ['type', 'id', 'occurredat'].every((name) => typeof Reflect.get(value, name) === 'string') &&
  'data' in value &&
  typeof value.data === 'object' &&
  value.data !== null &&
  (!('causedby' in value) || typeof value.causedby === 'string')
