import { setTimeout as pause } from 'node:timers/promises'

import type { OwnedWork, Owning, PartitionId } from '@unavez/engine'

import type { Partition } from './partitions.ts'
import { sizes } from './sizes.ts'

interface Member {
  readonly work: OwnedWork
  readonly partitions: ReadonlySet<Partition>
}

/** One owner at work. `place` 1 is the second owner that misbehaviour asks for. */
interface Run {
  readonly member: Member
  readonly partition: Partition
  readonly place: number
  readonly stop: AbortController
  /** It was told to stop so long ago that the next owner no longer waits for it. */
  overdue: boolean
  readonly ended: Promise<void>
}

/** Members of one group, and who works where. */
class Group {
  readonly members: Member[] = []
  readonly runs = new Set<Run>()
  twoOwners: boolean

  constructor(twoOwners: boolean) {
    this.twoOwners = twoOwners
  }

  /** Stops who should not work, starts who should once the place is free. Says nothing new when called again. */
  settle(): void {
    const wanted = this.#wanted()
    for (const run of this.runs) {
      const stays = wanted.get(run.partition)?.[run.place] === run.member
      if (!stays) this.stop(run)
    }
    for (const [partition, members] of wanted) {
      for (const [place, member] of members.entries()) {
        const present = [...this.runs].some((run) => run.partition === partition && run.place === place && !run.overdue)
        if (!present) this.#start(member, partition, place)
      }
    }
  }

  /** Who should own each partition: an even spread that depends on the members' order alone. */
  #wanted(): ReadonlyMap<Partition, readonly Member[]> {
    const partitions = new Set(this.members.flatMap((member) => [...member.partitions]))
    const wanted = new Map<Partition, readonly Member[]>()
    for (const partition of partitions) {
      const able = this.members.filter((member) => member.partitions.has(partition))
      const places = Array.from(
        { length: this.twoOwners ? 2 : 1 },
        (_, place) => able[(partition.id + place) % able.length],
      )
      wanted.set(
        partition,
        places.filter((member) => member !== undefined),
      )
    }
    return wanted
  }

  stop(run: Run): void {
    if (run.stop.signal.aborted) return
    run.stop.abort()
    const overdue = setTimeout(() => {
      run.overdue = true
      this.settle()
    }, sizes.handOverMs).unref()
    void run.ended.then(() => clearTimeout(overdue))
  }

  #start(member: Member, partition: Partition, place: number): void {
    const stop = new AbortController()
    const ended = keepWorking(member.work, partition, stop.signal).then(() => {
      this.runs.delete(run)
      this.settle()
    })
    const run: Run = { member, partition, place, stop, overdue: false, ended }
    this.runs.add(run)
  }
}

/** Until told to stop: works, and starts again what throws. */
async function keepWorking(work: OwnedWork, partition: Partition, signal: AbortSignal): Promise<void> {
  const id: PartitionId = { topic: partition.topic, partition: partition.partition }
  for (let wait: number = sizes.restartMs; !signal.aborted; wait = Math.min(wait * 2, sizes.restartMsMax)) {
    try {
      // Never before `own` has answered.
      await Promise.resolve()
      await work(id, signal)
      await untilAborted(signal)
    } catch {
      await pause(wait, undefined, { signal }).catch(() => undefined)
    }
  }
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** Shares partitions among the members of each group, all in this process. */
export class Ownership {
  readonly #groups = new Map<string, Group>()
  #twoOwners = false

  join(name: string, partitions: readonly Partition[], work: OwnedWork): Owning {
    const group = this.#groups.get(name) ?? new Group(this.#twoOwners)
    this.#groups.set(name, group)
    const member: Member = { work, partitions: new Set(partitions) }
    group.members.push(member)
    group.settle()
    return {
      owned: () => {
        const active = [...group.runs].filter((run) => run.member === member && !run.stop.signal.aborted)
        return [...new Set(active.map((run) => run.partition))].map(({ topic, partition }) => ({ topic, partition }))
      },
      close: () => this.#leave(name, group, member),
    }
  }

  async #leave(name: string, group: Group, member: Member): Promise<void> {
    const index = group.members.indexOf(member)
    if (index !== -1) group.members.splice(index, 1)
    if (group.members.length === 0 && this.#groups.get(name) === group) this.#groups.delete(name)
    group.settle()
    await Promise.all([...group.runs].filter((run) => run.member === member).map(({ ended }) => ended))
  }

  twoOwners(now: boolean): void {
    this.#twoOwners = now
    for (const group of this.#groups.values()) {
      group.twoOwners = now
      group.settle()
    }
  }

  /** Stops all work; it starts again as soon as it has ended. */
  async rebalance(): Promise<void> {
    const runs = [...this.#groups.values()].flatMap((group) => [...group.runs].map((run) => ({ group, run })))
    for (const { group, run } of runs) group.stop(run)
    await Promise.all(runs.map(({ run }) => run.ended))
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.#groups].flatMap(([name, group]) =>
        group.members.slice().map((member) => this.#leave(name, group, member)),
      ),
    )
  }
}
