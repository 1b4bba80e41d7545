import { createHash } from 'node:crypto'

import type { Message } from '@unavez/engine'

/**
 * A record of the `registers` topic: key = the register's key (UTF-8), value = its value, or null to destroy it. Headers:
 *   `if`  put only if the value that stands has this SHA-256; empty: only if there is none. Without it: put.
 *   `id`  16 random bytes by which the writer finds what became of its record.
 *   `at`  a statement: "once everything up to this offset (8 bytes, big-endian) was folded, this was the value".
 * A key that is no UTF-8 belongs to no register: records that only make the broker begin a new segment.
 *
 * The log orders, the fold accepts: a conditional record counts iff the value before it matches, so all replicas agree.
 * Compaction, though, keeps the latest record of a key, and that may be a rejected one. Therefore:
 *  - a key whose latest record is a rejected one is mended with a statement of the value that stands. A statement never
 *    changes anything for whoever has read everything; if a later record was accepted meanwhile, it is out of date, does not
 *    count, and is itself mended.
 *  - mending takes seconds, and nothing is compacted before it is `settledMs` old. So when a topic is read from its start, a
 *    conditional record of that age that comes first for its key was accepted: its predecessor was compacted away. A
 *    younger one's predecessor would still be there: it is judged as usual.
 */
export const settledMs = 240_000
/** No UTF-8 begins with this byte. */
export const heartbeatKey = Buffer.from([0xff])

export interface Entry {
  readonly value: Buffer | null
  /** Offset at which the value was accepted, or was stated to stand. */
  readonly version: number
  /** The latest record of the key, whether it counts or not. */
  readonly latest: number
  /** Since when the latest record is one that does not count; undefined if it does. Milliseconds, as given. */
  readonly brokenSince: number | undefined
}

export interface Reading {
  readonly nowMs: number
  /** The topic is read from its start and this offset was there before. */
  readonly past: boolean
}

export interface Verdict {
  readonly key: string
  readonly id: string | undefined
  readonly accepted: boolean
}

/** Expected value as the header `if` has it. */
export const conditionOf = (expected: Buffer | null): Buffer =>
  expected === null ? Buffer.alloc(0) : createHash('sha256').update(expected).digest()

/** How long a destroyed key is remembered, so that a statement from before does not bring its value back. */
const destroyedMs = 600_000

/** One partition of the registers. */
export class RegistersFold {
  readonly #entries = new Map<string, Entry>()
  /** When each key was destroyed, the oldest first. */
  readonly #destroyed = new Map<string, number>()

  /** Undefined for records that belong to no register. */
  apply(message: Message, reading: Reading): Verdict | undefined {
    if (message.key === null || message.key[0] === 0xff) return undefined
    const key = message.key.toString()
    const before = this.#entries.get(key)
    const id = message.headers['id']?.toString('base64url')
    const stated = message.headers['at']
    const at = stated?.length === 8 ? Number(stated.readBigUInt64BE()) : undefined
    const accepted = at === undefined ? accepts(before, message, reading) : before === undefined || before.version <= at
    const version = at === undefined ? message.offset : (before?.version ?? at)
    const latest = message.offset
    this.#destroyed.delete(key)
    if (accepted && message.value === null) this.#destroyed.set(key, reading.nowMs)
    // A copy: a view would keep the whole answer in memory, and what was destroyed in it.
    const copy = message.value === null ? null : Buffer.from(message.value)
    if (accepted) this.#entries.set(key, { value: copy, version, latest, brokenSince: undefined })
    else {
      const { value = null, version: standing = -1 } = before ?? {}
      this.#entries.set(key, { value, version: standing, latest, brokenSince: reading.nowMs })
    }
    return { key, id, accepted }
  }

  entry(key: string): Entry | undefined {
    return this.#entries.get(key)
  }

  /** Keys whose latest record has not counted since that moment or longer. */
  broken(sinceMs: number): readonly string[] {
    const keys: string[] = []
    for (const [key, { brokenSince }] of this.#entries) if ((brokenSince ?? Infinity) <= sinceMs) keys.push(key)
    return keys
  }

  /** Lets go of keys that were destroyed long ago. */
  prune(nowMs: number): void {
    for (const [key, at] of this.#destroyed) {
      if (nowMs - at < destroyedMs) return
      this.#destroyed.delete(key)
      this.#entries.delete(key)
    }
  }
}

function accepts(before: Entry | undefined, message: Message, { past, nowMs }: Reading): boolean {
  const condition = message.headers['if']
  if (condition === undefined) return true
  if (before === undefined && past && nowMs - message.appendedAt.getTime() >= settledMs) return true
  return condition.equals(conditionOf(before?.value ?? null))
}
