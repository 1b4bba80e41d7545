import { randomUUID } from 'node:crypto'

import type { ClaimOptions, Memory, NewClaim, Volatile } from '@unavez/engine'

import type { Channel } from './channel.ts'
import type { Condition } from './condition.ts'
import { ExpiringMap } from './expiring-map.ts'
import type { ClaimsMemory } from './messages.ts'
import { bufferOf, type Reader } from './reader.ts'
import { sizes } from './sizes.ts'

interface VolatileParts {
  readonly channel: Channel
  readonly reader: Reader
  readonly condition: Condition
  readonly entries?: number
}

/** In this process's memory; kept claims in the file. */
export class EmbeddedVolatile implements Volatile {
  /** Who would write after a loss is lost with it. */
  readonly settleMs = 0
  readonly #parts: VolatileParts
  #memory: Memory
  #kept: Memory = { id: '', since: new Date(0) }
  /** As latin1 text, a byte a character: of all these the garbage collector would have to look into every Buffer. */
  #claims: ExpiringMap<string>
  #counters: ExpiringMap<number>

  constructor(parts: VolatileParts) {
    this.#parts = parts
    this.#memory = { id: randomUUID(), since: new Date() }
    this.#claims = new ExpiringMap(parts.entries ?? sizes.volatileEntries)
    this.#counters = new ExpiringMap(parts.entries ?? sizes.volatileEntries)
  }

  /** Which memory the file's claims are. */
  keptIn({ id, since }: ClaimsMemory): void {
    this.#kept = { id, since: new Date(since) }
  }

  async claim(key: string, value: Buffer, { ttlMs, kept }: ClaimOptions) {
    this.#parts.condition.check('unavailable')
    if (kept === true) {
      const held = await this.#parts.channel.ask({ kind: 'claim', key, value, expiresAt: Date.now() + ttlMs })
      return { held: bufferOf(held) ?? null, memory: this.#kept }
    }
    return { held: this.#claim(key, value, ttlMs), memory: this.#memory }
  }

  async claimMany(claims: readonly NewClaim[], { ttlMs }: Omit<ClaimOptions, 'kept'>) {
    this.#parts.condition.check('unavailable')
    const held = claims.map(({ key, value }) => this.#claim(key, value, ttlMs))
    return { held, memory: this.#memory }
  }

  #claim(key: string, value: Buffer, ttlMs: number): Buffer | null {
    const held = this.#claims.get(key)
    if (held !== undefined) return Buffer.from(held, 'latin1')
    const forgotten = this.#claims.put(key, value.toString('latin1'), ttlMs)
    if (forgotten !== undefined) this.#forgot(forgotten)
    return null
  }

  /** A claim had to go before its time: earlier ones can't be counted on either. */
  #forgot(claimedAt: number): void {
    if (claimedAt >= this.#memory.since.getTime()) this.#memory = { ...this.#memory, since: new Date(claimedAt + 1) }
  }

  async get(key: string): Promise<Buffer | undefined> {
    this.#parts.condition.check('unavailable')
    return bytesOf(this.#claims.get(key)) ?? this.#parts.reader.claim(key)
  }

  async count(key: string, amount: number, ttlMs: number): Promise<number> {
    this.#parts.condition.check('unavailable')
    const present = this.#counters.get(key)
    const sum = (present ?? 0) + amount
    if (present === undefined) this.#counters.put(key, sum, ttlMs)
    else this.#counters.replace(key, sum)
    return sum
  }

  async memory(): Promise<Memory> {
    this.#parts.condition.check('unavailable')
    return this.#memory
  }

  /** Forgets everything that is in memory. */
  lose(): void {
    this.#memory = { id: randomUUID(), since: new Date() }
    this.#claims = new ExpiringMap(this.#parts.entries ?? sizes.volatileEntries)
    this.#counters = new ExpiringMap(this.#parts.entries ?? sizes.volatileEntries)
  }
}

const bytesOf = (held: string | undefined): Buffer | undefined =>
  held === undefined ? undefined : Buffer.from(held, 'latin1')
