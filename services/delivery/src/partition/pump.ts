import { isEngineError } from '@unavez/engine'
import type { Recipient } from '@unavez/exchange'
import type { SubscriptionState } from '@unavez/policy'

import { attemptOf, Bodies, toldIn } from './bodies.ts'
import { busRecipient, NotDelivered } from './bus-recipient.ts'
import { Machine } from './machine.ts'
import { Pause } from './pause.ts'
import type { PartitionSurroundings } from './pump-surroundings.ts'
import { pushLimits } from './push-limits.ts'
import type { Pushed } from './roster.ts'
import { type Standing, standingAt } from './standing.ts'
import type { Waiting } from './tail.ts'
import type { Due } from './window.ts'

/** Moves one subscription through one partition. At the end of what there is it is a place in a set and what stands. */
export class Pump implements Waiting {
  readonly type: string
  readonly #partition: PartitionSurroundings
  readonly #bodies: Bodies
  readonly #wake = (): void => this.wake()
  #subscription: SubscriptionState
  #standing: Standing
  /** Only while there is something to do. */
  #machine: Machine | undefined
  /** Of an epoch that is over, while attempts of it are under way. */
  #former: Machine | undefined
  #recipient: Recipient | undefined
  /** Ends what is under way. */
  #stop: AbortController | undefined
  readonly #pause = new Pause()
  #isReading = false
  /** Policy says no. */
  #isResting = false
  #isClosed = false

  /** `standing`: as the changelog tells it. */
  constructor(partition: PartitionSurroundings, { subscription, type }: Pushed, standing: Standing | undefined) {
    this.type = type
    this.#partition = partition
    this.#subscription = subscription
    this.#bodies = new Bodies(partition)
    this.#standing = standing ?? this.#began()
    if (this.#standing.epoch < subscription.epoch) this.#standing = this.#began()
    this.#apply()
  }

  get id(): string {
    return this.#subscription.id
  }

  get standing(): Standing {
    return this.#machine?.standing ?? this.#standing
  }

  get inFlight(): number {
    return (this.#machine?.inFlight ?? 0) + (this.#former?.inFlight ?? 0)
  }

  /** It has nothing to do before `next`, so that its cursor may be taken there. */
  passed(next: number): boolean {
    if (!this.#partition.tail.has(this) || this.#machine?.passed(next) === false) return false
    if (this.#machine === undefined && this.#standing.next < next) this.#standing = { ...this.#standing, next }
    return true
  }

  /** What is decided about it now. */
  update(subscription: SubscriptionState): void {
    const before = this.#subscription
    this.#subscription = subscription
    if (subscription.epoch > before.epoch) this.#begin()
    if (subscription.endpoint?.version !== before.endpoint?.version) {
      this.#breakOff('the endpoint is another one')
      this.#machine?.askNow(this.#now())
    }
    const isStopped = subscription.state !== 'active'
    if (isStopped || ((this.#machine?.inFlight ?? 0) > 0 && !this.#ask().allowed())) this.#rest()
    this.#apply()
    this.wake()
  }

  /** Nothing more is begun; `now`: and what is under way is broken off. */
  close(now: boolean): void {
    this.#isClosed = true
    this.#partition.tail.leave(this)
    this.#partition.alarm.set(this.#wake, undefined)
    if (now) this.#breakOff('the partition is owned no more')
    this.#bodies.clear()
  }

  arrived(from: number): void {
    this.#open().found([], from, { isDisclosed: false })
    this.wake()
  }

  wake(): void {
    if (this.#isClosed) return
    if (this.#isResting && this.#ask().allowed()) {
      this.#isResting = false
      // Whatever an answer that came too late said of before.
      this.#machine?.drop()
    }
    if (this.#isResting || this.#now() < this.#pause.until) return this.#setAlarm()
    this.#sendMore()
    if (!this.#isReading && this.#isBehind()) void this.#readOn()
    else this.#settle()
  }

  #began(): Standing {
    const { epoch, start, orders, id } = this.#subscription
    const next = start[this.#partition.partition] ?? 0
    this.#partition.changelog.write([{ type: 'began', of: id, epoch, next }])
    // Whatever was asked for before spoke of what is gone.
    return standingAt(epoch, next, this.#standing === undefined ? (orders.at(-1)?.n ?? 0) : this.standing.order)
  }

  /** Goes on where the new epoch begins; nothing of it leaves while something of the one before is under way. */
  #begin(): void {
    this.#breakOff('the subscription was moved')
    if (this.inFlight > 0) this.#former ??= this.#machine
    this.#standing = this.standing
    this.#machine = undefined
    this.#bodies.clear()
    this.#partition.tail.leave(this)
    this.#standing = this.#began()
  }

  #open(): Machine {
    const { partition, chance } = this.#partition
    this.#machine ??= new Machine({ of: this.id, partition, standing: this.#standing, chance })
    return this.#machine
  }

  /** Does what was asked for and is not done yet. */
  #apply(): void {
    const { orders } = this.#subscription
    const { order } = this.standing
    if ((orders.at(-1)?.n ?? 0) <= order) return
    for (const each of orders) if (each.n > order) this.#open().order(each, this.#now())
    this.#write()
  }

  #isBehind(): boolean {
    const { tail } = this.#partition
    if (!tail.has(this) && (this.#machine?.next ?? this.#standing.next) >= tail.next) tail.wait(this)
    return !tail.has(this)
  }

  #sendMore(): void {
    const machine = this.#machine
    const { underWay, changelog } = this.#partition
    if (machine === undefined || this.#former !== undefined || this.#isClosed || !changelog.hasRoom) return
    for (const due of machine.begin(this.#now(), underWay.room(this.id, this.#wake))) {
      underWay.begin(this.id)
      void this.#attempt(machine, due).finally(() => {
        underWay.end(this.id)
        this.#landed(machine)
      })
    }
  }

  async #attempt(machine: Machine, { offset }: Due): Promise<void> {
    const { pages, sender, surroundings, told, changelog } = this.#partition
    this.#stop ??= new AbortController()
    const { signal } = this.#stop
    try {
      const body = this.#bodies.get(offset) ?? (await this.#bodies.readAgain(this.#subscription, offset, signal))
      if (body === undefined) return machine.withdrew(offset, 'not-due', this.#now())
      // Asked again after the disclosure, however long ago that was: what leaves is allowed, under these terms, when it leaves.
      await pages.require({ recipient: this.#ask(), epoch: machine.standing.epoch }, body)
      signal.throwIfAborted()
      const subscription = surroundings.control.policy.subscription(this.id) ?? this.#subscription
      const answer = await sender.send(attemptOf(subscription, body), signal)
      told.attempt(answer.kind)
      changelog.write(toldIn(answer, body, { subscription, now: this.#now() }))
      this.#bodies.forget(offset)
      machine.answered(offset, answer, this.#now())
      this.#pause.reset()
    } catch (error) {
      if (isEngineError(error, 'position-gone')) return machine.withdrew(offset, 'retention-over', this.#now())
      machine.gaveBack(offset)
      this.#bodies.forget(offset)
      if (signal.aborted) told.attempt('broken-off')
      else this.#failed(error)
    }
  }

  #landed(machine: Machine): void {
    if (machine === this.#former) {
      if (machine.inFlight === 0) this.#former = undefined
    } else if (machine === this.#machine) {
      if (machine.standing.open) this.#bodies.clear()
      this.#write()
      if (machine.stop !== undefined) this.#partition.told.stopped(this.id, machine.stop)
    }
    this.wake()
  }

  async #readOn(): Promise<void> {
    this.#isReading = true
    try {
      while (this.#mayRead()) await this.#readPage(this.#open())
    } catch (error) {
      this.#failed(error)
    } finally {
      this.#isReading = false
    }
    this.#settle()
  }

  #mayRead(): boolean {
    const { changelog, tail } = this.#partition
    const isWaiting = this.#isResting || this.#isClosed || this.#former !== undefined || this.#now() < this.#pause.until
    if (isWaiting || !this.#isBehind() || !changelog.hasRoom) return false
    const machine = this.#open()
    const room = machine.room(this.#now())
    // Few large pages rather than many small ones, as long as something is under way.
    return room > 0 && (machine.inFlight === 0 || room >= Math.min(pushLimits.page, tail.next - machine.next))
  }

  async #readPage(machine: Machine): Promise<void> {
    const { tail } = this.#partition
    this.#stop ??= new AbortController()
    const { signal } = this.#stop
    const limit = Math.min(pushLimits.page, machine.room(this.#now()))
    const place = { offset: machine.next, since: machine.undisclosed, limit }
    try {
      const { due, read, isDisclosed } = await this.#bodies.read(this.#subscription, place, signal)
      machine.found(due, read, { isDisclosed })
    } catch (error) {
      if (signal.aborted) return
      throw error
    }
    this.#pause.reset()
    if (machine.next >= tail.next) tail.wait(this)
    this.#write()
    this.#sendMore()
  }

  /** One that fails stops no other, and goes on by itself. */
  #failed(error: unknown): void {
    const { surroundings, signal } = this.#partition
    if (signal.aborted) return
    if (error instanceof NotDelivered) return this.#rest()
    this.#pause.begin(this.#now())
    surroundings.log.warn({ error, subscription: this.id }, 'a delivery waits for the bus')
  }

  /** Policy says no: what was read is forgotten, and read again once it says yes. */
  #rest(): void {
    this.#isResting = true
    this.#breakOff('policy says no')
    this.#bodies.clear()
    this.#machine?.drop()
    this.#partition.tail.leave(this)
  }

  #breakOff(why: string): void {
    this.#stop?.abort(new Error(why))
    this.#stop = undefined
  }

  #write(): void {
    if (this.#machine !== undefined) this.#partition.changelog.write(this.#machine.entries())
  }

  /** Lets go of what is not needed while there is nothing to do. */
  #settle(): void {
    const machine = this.#machine
    if (machine?.isIdle === true && !this.#isReading && this.#partition.tail.has(this)) {
      this.#write()
      this.#standing = machine.standing
      this.#machine = undefined
      this.#stop = undefined
    }
    this.#setAlarm()
  }

  #setAlarm(): void {
    this.#partition.alarm.set(this.#wake, this.#wakeAt(this.#now()))
  }

  #wakeAt(now: number): number | undefined {
    if (this.#isResting) return this.#subscription.state === 'active' ? now + pushLimits.askAgainMs : undefined
    if (this.#pause.until > now) return this.#pause.until
    const at = this.#machine?.wakeAt(now)
    return at === undefined || at <= now ? undefined : at
  }

  #ask(): Recipient {
    const { surroundings, signal } = this.#partition
    this.#recipient ??= busRecipient(surroundings, { subscription: this.id, traceparent: '', gone: signal })
    return this.#recipient
  }

  #now(): number {
    return this.#partition.surroundings.clock.now().getTime()
  }
}
