import { EngineError } from '@unavez/engine'
import type { OwnedWork, Owning, PartitionId } from '@unavez/engine'

import { GroupMember } from './group-member.ts'
import { pause, type Wire } from './wire/index.ts'

export interface OwnershipOptions {
  readonly wire: Wire
  /** In front of group and topic names. */
  readonly prefix: string
  readonly sessionMs?: number
}

const sessionMsDefault = 6_000
/** Heartbeats in one session. */
const heartbeatsPerSession = 6
const restartMs = { first: 100, most: 5_000 }

interface Run {
  readonly controller: AbortController
  readonly ended: Promise<void>
}

/** All groups this process is a member of. */
export class Ownership {
  readonly #options: OwnershipOptions
  readonly #members = new Set<OwningMember>()
  #made = 0
  #closed = false

  constructor(options: OwnershipOptions) {
    this.#options = options
  }

  /** As `EventLog.own`. */
  async own(group: string, topics: readonly string[], work: OwnedWork): Promise<Owning> {
    const { wire, prefix } = this.#options
    if (this.#closed) throw new EngineError('closed', 'The engine is closed.')
    for (const topic of topics) await wire.metadata.topic(`${prefix}${topic}`)
    if (this.#closed) throw new EngineError('closed', 'The engine is closed.')
    const member = new OwningMember({ ...this.#options, group, topics, work, number: this.#made++ })
    this.#members.add(member)
    return {
      owned: () => member.owned(),
      close: async () => {
        await member.close()
        this.#members.delete(member)
      },
    }
  }

  ailments(): readonly string[] {
    return [...this.#members].flatMap((member) => member.ailments())
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#members].map((member) => member.close()))
  }
}

interface OwningOptions extends OwnershipOptions {
  readonly group: string
  readonly topics: readonly string[]
  readonly work: OwnedWork
  readonly number: number
}

/**
 * The lease is our own clock: a partition is owned while the last heartbeat that was answered had been sent less than half a
 * session ago. The coordinator gives it to another member only a whole session after that.
 */
class OwningMember {
  readonly #options: OwningOptions
  readonly #group: GroupMember
  readonly #running: Promise<void>
  readonly #leaseMs: number
  readonly #runs = new Map<string, Run>()
  readonly #failing = new Set<string>()
  #assigned: readonly PartitionId[] = []
  #leaseUntil = -Infinity
  #expiry: NodeJS.Timeout | undefined
  #closing: Promise<void> | undefined

  constructor(options: OwningOptions) {
    const { wire, prefix, group, topics, number, sessionMs = sessionMsDefault } = options
    this.#options = options
    this.#leaseMs = sessionMs / 2
    this.#group = new GroupMember({
      wire,
      sessionMs,
      group: `${prefix}${group}`,
      topics: topics.map((topic) => `${prefix}${topic}`),
      purpose: `group-${group}-${number}`,
      heartbeatMs: sessionMs / heartbeatsPerSession,
      onAssigned: (partitions, at) => {
        this.#assigned = partitions.map((partition) => ({ ...partition, topic: partition.topic.slice(prefix.length) }))
        this.#renew(at)
      },
      onHeartbeat: (at) => this.#renew(at),
      onRevoked: () => {
        this.#assigned = []
        this.#stop()
      },
    })
    this.#running = this.#group.run()
  }

  owned(): readonly PartitionId[] {
    return performance.now() < this.#leaseUntil ? this.#assigned : []
  }

  ailments(): readonly string[] {
    const { group } = this.#options
    const { failure } = this.#group
    return [
      ...(failure === undefined ? [] : [`This process is not in the group ${group}: ${failure}.`]),
      ...[...this.#failing].map((partition) => `The work of ${group} on ${partition} fails and is started again.`),
    ]
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#assigned = []
    this.#stop()
    const left = Promise.all([...this.#runs.values()].map(({ ended }) => ended)).then(() => this.#group.leave())
    await Promise.all([left, this.#running])
  }

  #renew(at: number): void {
    if (this.#closing !== undefined) return
    this.#leaseUntil = at + this.#leaseMs
    clearTimeout(this.#expiry)
    const leftMs = this.#leaseUntil - performance.now()
    if (leftMs <= 0) return this.#stop()
    this.#expiry = setTimeout(() => this.#stop(), leftMs)
    for (const partition of this.#assigned) this.#start(partition)
  }

  #stop(): void {
    clearTimeout(this.#expiry)
    this.#leaseUntil = -Infinity
    for (const { controller } of this.#runs.values()) controller.abort()
  }

  /** One run of a partition's work at a time in this process: the next begins when the one before has ended. */
  #start(partition: PartitionId): void {
    const name = `${partition.topic}/${partition.partition}`
    const before = this.#runs.get(name)
    if (before !== undefined && !before.controller.signal.aborted) return
    const controller = new AbortController()
    const ended = (before?.ended ?? Promise.resolve()).then(() => this.#work(partition, controller.signal))
    this.#runs.set(name, { controller, ended })
  }

  async #work(partition: PartitionId, signal: AbortSignal): Promise<void> {
    const name = `${partition.topic}/${partition.partition}`
    for (let waitMs = restartMs.first; !signal.aborted; waitMs = Math.min(waitMs * 2, restartMs.most)) {
      try {
        await this.#options.work(partition, signal)
        break
      } catch {
        if (!signal.aborted) this.#failing.add(name)
        await pause(waitMs, signal)
      }
    }
    this.#failing.delete(name)
  }
}
