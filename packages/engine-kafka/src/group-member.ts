import type { PartitionId } from '@unavez/engine'

import {
  findCoordinator,
  heartbeat,
  joinGroup,
  leaveGroup,
  type Membership,
  type Share,
  syncGroup,
} from './group-calls.ts'
import { type Call, LinkError, type Link, pause, type Purpose, type Wire } from './wire/index.ts'

export interface MemberOptions {
  readonly wire: Wire
  /** Real names, prefix included. */
  readonly group: string
  readonly topics: readonly string[]
  /** A connection of its own: the coordinator keeps a join waiting, and with it whatever is behind. */
  readonly purpose: Purpose
  readonly sessionMs: number
  readonly heartbeatMs: number
  /** The group gave this member these partitions, as of a moment on `performance.now()`. */
  readonly onAssigned: (partitions: readonly PartitionId[], at: number) => void
  /** The coordinator still counts this member in, as of that moment. */
  readonly onHeartbeat: (at: number) => void
  /** The group shares anew, or has put this member out. Called before anybody else can be given its partitions by its consent. */
  readonly onRevoked: () => void
}

const memberIdRequired = 79
const rebalanceInProgress = 27
/** Illegal generation, unknown member, rebalance, fenced: join (again). */
const outOfGroup = new Set([22, 25, rebalanceInProgress, memberIdRequired, 82])
const unknownMember = new Set([25, 82])
const answerMsMax = 3_000
const retryMs = 100
const leaveMsMax = 2_000

/** One member of a consumer group: joins, shares the partitions out if it leads, sends heartbeats, leaves. */
export class GroupMember {
  readonly #options: MemberOptions
  readonly #closing = new AbortController()
  #member = ''
  #coordinator: number | undefined
  #link: Link | undefined
  #turn = 0
  #failure: string | undefined

  constructor(options: MemberOptions) {
    this.#options = options
  }

  /** Why this member is not in its group now; undefined if it is. */
  get failure(): string | undefined {
    return this.#failure
  }

  async run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        await this.#stay(await this.#join())
      } catch (error) {
        this.#failure = error instanceof Error ? error.message : String(error)
        this.#coordinator = undefined
        await pause(retryMs, this.#closing.signal)
        await this.#options.wire.metadata.refresh().catch(() => undefined)
      }
    }
  }

  /** Ends `run` and leaves the group, so that the others share at once. */
  async leave(): Promise<void> {
    this.#closing.abort()
    // A join under way may take seconds.
    this.#link?.destroy()
    // Whoever can't be told notices after a session.
    if (this.#member !== '')
      await this.#send(leaveGroup(this.#options.group, this.#member), leaveMsMax).catch(() => undefined)
    this.#link?.destroy()
  }

  async #join(): Promise<Membership> {
    const { group, topics, sessionMs, onAssigned } = this.#options
    for (;;) {
      const wish = { group, topics, sessionMs, rebalanceMs: sessionMs, member: this.#member }
      const joined = await this.#send(joinGroup(wish), sessionMs + answerMsMax)
      if (joined.member !== '') this.#member = joined.member
      if (joined.errorCode === memberIdRequired) continue
      this.#expect(joined.errorCode)
      const membership = { group, generation: joined.generation, member: joined.member }
      const shares = joined.leader === joined.member ? await this.#share(joined.members) : []
      const at = performance.now()
      const synced = await this.#send(syncGroup(membership, shares), sessionMs + answerMsMax)
      if (synced.errorCode === rebalanceInProgress) continue
      this.#expect(synced.errorCode)
      this.#failure = undefined
      if (!this.#closing.signal.aborted) onAssigned(synced.partitions, at)
      return membership
    }
  }

  /** Heartbeats until the group shares anew. A coordinator that is gone or has moved is looked for; membership outlives it. */
  async #stay(membership: Membership): Promise<void> {
    const { heartbeatMs, onHeartbeat, onRevoked } = this.#options
    // The first at once: the others may have kept the sync waiting, and the lease counts from before it.
    let waitMs = 0
    for (;;) {
      await pause(waitMs, this.#closing.signal)
      if (this.#closing.signal.aborted) return
      const at = performance.now()
      const answer = await this.#send(heartbeat(membership), answerMsMax).catch((error: unknown) => {
        this.#failure = error instanceof Error ? error.message : String(error)
        return undefined
      })
      if (answer?.errorCode === 0) {
        this.#failure = undefined
        onHeartbeat(at)
        waitMs = heartbeatMs
      } else if (answer !== undefined && outOfGroup.has(answer.errorCode)) {
        if (unknownMember.has(answer.errorCode)) this.#member = ''
        return onRevoked()
      } else {
        this.#coordinator = undefined
        await this.#options.wire.metadata.refresh().catch(() => undefined)
        waitMs = retryMs
      }
    }
  }

  #expect(errorCode: number): void {
    if (errorCode === 0) return
    if (unknownMember.has(errorCode)) this.#member = ''
    throw new Error(`group ${this.#options.group} answers error ${errorCode}`)
  }

  /** Round robin over every partition that a member asked for, in a fixed order. */
  async #share(members: readonly { member: string; topics: readonly string[] }[]): Promise<readonly Share[]> {
    const { metadata } = this.#options.wire
    const shares = members
      .toSorted((a, b) => (a.member < b.member ? -1 : 1))
      .map(({ member, topics }) => ({ member, topics, partitions: new Array<PartitionId>() }))
    let turn = 0
    for (const topic of [...new Set(members.flatMap(({ topics }) => topics))].toSorted()) {
      const takers = shares.filter(({ topics }) => topics.includes(topic))
      const { partitions } = await metadata.topic(topic)
      for (const partition of [...partitions.keys()].toSorted((a, b) => a - b)) {
        takers[turn++ % takers.length]?.partitions.push({ topic, partition })
      }
    }
    return shares
  }

  async #send<T>(call: Call<T>, timeoutMs: number): Promise<T> {
    const { wire, purpose, group } = this.#options
    if (this.#coordinator === undefined) {
      const brokers = [...wire.metadata.now.brokers.keys()]
      const any = brokers[this.#turn++ % brokers.length]
      if (any === undefined) throw new LinkError('no broker is known')
      this.#link = await wire.connections.to(any, purpose)
      const found = await this.#link.send(findCoordinator(group), answerMsMax)
      if (found.errorCode !== 0) throw new LinkError(`group ${group} has no coordinator now (error ${found.errorCode})`)
      this.#coordinator = found.broker
    }
    this.#link = await wire.connections.to(this.#coordinator, purpose)
    return this.#link.send(call, timeoutMs)
  }
}
