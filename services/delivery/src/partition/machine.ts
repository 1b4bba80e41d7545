import type { DeliveryOrder } from '@unavez/policy'

import type { Answer } from '../endpoint/attempt.ts'
import { Circuit } from './circuit.ts'
import { DueHeld } from './due-held.ts'
import { type Delivered, type Entry, passedTo, type Untold } from './entry.ts'
import { type Flight, Flights } from './flights.ts'
import { type FailedAttempt, failedAttempt, heldAfter } from './failed-attempt.ts'
import type { MachineOptions, Stop } from './machine-options.ts'
import { ordered } from './order.ts'
import { Outbox } from './outbox.ts'
import { type PushBounds, pushLimits } from './push-limits.ts'
import { evolve, type Standing } from './standing.ts'
import { Strikes } from './strikes.ts'
import { type Due, Window } from './window.ts'

/**
 * What one subscription does in one partition. It reads no clock, draws no chance and sends nothing: the same calls give the
 * same attempts and the same entries. What stands is the fold of its entries; the rest can be lost.
 */
export class Machine {
  readonly #options: MachineOptions
  readonly #bounds: PushBounds
  readonly #window = new Window()
  readonly #circuit: Circuit
  readonly #strikes = new Strikes()
  readonly #outbox = new Outbox()
  readonly #flights = new Flights()
  readonly #dueHeld = new DueHeld(this.#flights.busy)
  /** Subjects whose lane may have a next one to send. */
  readonly #ready = new Set<string>()
  #standing: Standing
  /** Behind what was read, and behind what was disclosed of it. */
  #read: number
  #disclosed: number
  #stop: Stop | undefined

  constructor(options: MachineOptions) {
    const { standing, bounds = pushLimits } = options
    this.#options = options
    this.#bounds = bounds
    this.#standing = standing
    this.#read = standing.next
    this.#disclosed = standing.from
    this.#circuit = new Circuit(standing.open)
  }

  get standing(): Standing {
    return this.#standing
  }

  /** Where to read on. */
  get next(): number {
    return this.#read
  }

  /** Where the next disclosure begins: `next`, or before it if what lies between was passed over. */
  get undisclosed(): number {
    return this.#disclosed
  }

  get stop(): Stop | undefined {
    return this.#stop
  }

  get inFlight(): number {
    return this.#flights.size
  }

  /** Nothing to do before something new is there to be read, or an order. */
  get isIdle(): boolean {
    return this.#window.size === 0 && this.#flights.size === 0 && this.#standing.held.size === 0
  }

  /** What was decided since the last call, to be written in this order. */
  entries(): readonly Entry[] {
    return this.#outbox.take()
  }

  /** How many due events may be read now. */
  room(now: number): number {
    if (this.#stop !== undefined) return 0
    const { window, followers } = this.#bounds
    const free = Math.max(0, Math.min(window - this.#window.size, followers - this.#standing.followers))
    const { until } = this.#circuit
    if (until === undefined) return free
    // Somebody else is needed to tell whether it was the event or the endpoint.
    const isAlone = until <= now && this.#flights.size === 0 && this.#candidates(now).length <= 1
    return isAlone ? Math.min(free, pushLimits.probeReads) : 0
  }

  /** What was found between `next` and there, in order; at most as many as there was room for. */
  found(due: readonly Due[], next: number, { isDisclosed }: { readonly isDisclosed: boolean }): void {
    for (const each of due) this.#add(each)
    this.#read = next
    if (isDisclosed) this.#disclosed = next
    if (this.#standing.followers >= this.#bounds.followers) this.#stop = 'held-too-many'
    this.#settled()
  }

  /** Nothing before there was due. False: something that was read is not settled. */
  passed(next: number): boolean {
    if (this.#window.size > 0) return false
    this.#standing = evolve(this.#standing, passedTo(next)) ?? this.#standing
    this.#read = Math.max(this.#read, next)
    return true
  }

  #add({ offset, subject }: Due): void {
    const { next, done, held } = this.#standing
    if (offset < next || done.has(offset)) return
    const before = held.get(subject)
    if (before === undefined) {
      this.#window.add({ offset, subject })
      this.#ready.add(subject)
    } else if (offset > (before.followers.at(-1) ?? before.offset)) {
      this.#emit({ type: 'followed', subject, offsets: [offset] })
    }
  }

  /** Which deliveries to attempt now, at most so many: never two of one subject at once. Each is answered or given back. */
  begin(now: number, most: number): readonly Due[] {
    if (this.#stop !== undefined || most <= 0) return []
    const { until } = this.#circuit
    const chosen = until === undefined ? this.#next(now, most) : this.#probe(now, until)
    for (const { offset, subject } of chosen) this.#flights.begin(offset, { subject, isProbe: until !== undefined })
    this.#dueHeld.changed()
    return chosen
  }

  #next(now: number, most: number): readonly Due[] {
    const chosen = this.#dueHeld.at(now, this.#standing).slice(0, most)
    for (const subject of this.#ready) {
      if (chosen.length === most) return chosen
      this.#ready.delete(subject)
      const offset = this.#flights.busy.has(subject) ? undefined : this.#window.head(subject)
      if (offset !== undefined) chosen.push({ offset, subject })
    }
    return chosen
  }

  /** One at a time, each subject in its turn: an event that makes the endpoint fail must not be the only one that asks. */
  #probe(now: number, until: number): readonly Due[] {
    if (now < until || this.#flights.size > 0) return []
    const candidates = this.#candidates(now)
    const chosen = candidates.find(({ offset }) => offset > this.#circuit.lastProbe) ?? candidates[0]
    if (chosen === undefined) return []
    this.#circuit.lastProbe = chosen.offset
    return [chosen]
  }

  #candidates(now: number): readonly Due[] {
    const found = this.#dueHeld.at(now, this.#standing)
    for (const [subject, [offset]] of this.#window.lanes()) if (offset !== undefined) found.push({ offset, subject })
    return found.toSorted((a, b) => a.offset - b.offset)
  }

  /** When there may be something to begin that can't begin now; undefined: not by time alone. */
  wakeAt(now: number): number | undefined {
    if (this.#stop !== undefined) return undefined
    const { until } = this.#circuit
    if (until !== undefined && until > now) return until
    const at = this.#dueHeld.firstAt(this.#standing)
    return at === Infinity ? undefined : Math.max(at, now)
  }

  /** An attempt ended without an answer: it was broken off here. */
  gaveBack(offset: number): void {
    this.#land(offset)
  }

  /** It is not due any more, or can't be read: it is over without having been sent. */
  withdrew(offset: number, reason: string, now: number): void {
    const { subject = '' } = this.#land(offset) ?? {}
    if (this.#standing.held.get(subject)?.offset === offset)
      return this.#emit({ type: 'released', subject, offset, at: now, outcome: 'skipped', reason })
    if (this.#window.head(subject) === offset) this.#window.settle(subject)
    this.#settled([offset, 0, 0])
  }

  answered(offset: number, answer: Answer, now: number): void {
    const flight = this.#land(offset)
    if (flight === undefined) return
    if (answer.kind === 'delivered') return this.#wasDelivered(offset, flight, { ...answer, now })
    const failed = failedAttempt(answer, now)
    switch (failed.blames) {
      case 'gone':
        this.#stop = 'endpoint-gone'
        return this.#emit({ type: 'failed', offset, failure: failed.failure })
      case 'subject':
      case 'unsupported':
        return this.#subjectFailed(offset, flight, failed)
      case 'endpoint':
        if (this.#strikes.isItsOwnFault(offset)) return this.#subjectFailed(offset, flight, failed)
        this.#emit({ type: 'failed', offset, failure: failed.failure })
        return this.#endpointFailed(now, flight, failed.retryAfterMs)
    }
  }

  #land(offset: number): Flight | undefined {
    const flight = this.#flights.land(offset)
    if (flight === undefined) return undefined
    this.#ready.add(flight.subject)
    this.#dueHeld.changed()
    return flight
  }

  #wasDelivered(
    offset: number,
    { subject }: Flight,
    { status, ms, now }: { status: number; ms: number; now: number },
  ): void {
    this.#strikes.delivered(offset)
    if (this.#circuit.succeeded()) this.#emit({ type: 'circuit', state: 'closed' })
    if (this.#standing.held.get(subject)?.offset === offset) {
      return this.#emit({ type: 'released', subject, offset, at: now, outcome: 'delivered', status, ms })
    }
    if (this.#window.head(subject) === offset) this.#window.settle(subject)
    this.#settled([offset, status, ms])
  }

  #endpointFailed(now: number, { isProbe }: Flight, retryAfterMs = 0): void {
    if (this.#circuit.failed(now, { isProbe, retryAfterMs })) this.#emit({ type: 'circuit', state: 'open' })
  }

  #subjectFailed(offset: number, flight: Flight, failed: FailedAttempt): void {
    const { subject, isProbe } = flight
    const held = this.#standing.held.get(subject)
    if (held?.offset === offset) this.#holdOn(subject, failed)
    else if (held !== undefined || this.#window.head(subject) !== offset) return
    else if (!this.#hold(subject, failed)) return
    this.#strikes.forget(offset)
    if (isProbe || this.#circuit.subjectFailed(subject)) this.#endpointFailed(failed.now, flight)
  }

  #holdOn(subject: string, failed: FailedAttempt): void {
    const held = this.#standing.held.get(subject)
    if (held !== undefined) this.#emit(heldAfter(failed, { ...held, subject }, this.#options.chance()))
    if (this.#standing.followers >= this.#bounds.followers) this.#stop = 'held-too-many'
  }

  /** Out of the window, and all of its subject with it. False: nothing more may be held. */
  #hold(subject: string, failed: FailedAttempt): boolean {
    const { held, followers } = this.#standing
    const { length } = this.#window.lane(subject)
    if (held.size >= this.#bounds.heldSubjects || followers + length - 1 > this.#bounds.followers) {
      this.#stop = 'held-too-many'
      return false
    }
    const [offset = 0, ...behind] = this.#window.takeLane(subject)
    const first = { subject, offset, attempts: 0, since: failed.now }
    this.#emit(heldAfter(failed, first, this.#options.chance()))
    if (behind.length > 0) this.#emit({ type: 'followed', subject, offsets: behind })
    this.#settled()
    return true
  }

  /** What somebody asked for, once. */
  order(order: DeliveryOrder, now: number): void {
    if (order.n <= this.#standing.order) return
    if (order.kind === 'retry') this.askNow(now)
    for (const entry of ordered(this.#standing, order, { ...this.#options, now })) this.#take(entry)
  }

  /** Somebody has decided that it goes on, or the endpoint is another one: whether it works is asked at once. */
  askNow(now: number): void {
    this.#stop = undefined
    this.#circuit.askNow(now)
  }

  /** Forgets what was read and not settled: it will be read again. What is under way is still answered. */
  drop(): void {
    this.#window.clear()
    this.#ready.clear()
    this.#strikes.clear()
    this.#read = this.#standing.next
    this.#disclosed = this.#standing.from
    this.#stop = undefined
  }

  #settled(delivered?: Delivered): void {
    const { next: before, from: undisclosed } = this.#standing
    const next = Math.max(before, this.#window.oldest ?? this.#read)
    const from = Math.min(next, Math.max(undisclosed, this.#disclosed))
    if (next === before && from === undisclosed && delivered === undefined) return
    const begins = from === next ? {} : { from }
    this.#emit({ type: 'settled', next, ...begins, ...(delivered === undefined ? {} : { delivered: [delivered] }) })
  }

  #emit(entry: Untold): void {
    this.#take({ ...entry, of: this.#options.of, epoch: this.#standing.epoch })
  }

  #take(entry: Entry): void {
    this.#standing = evolve(this.#standing, entry) ?? this.#standing
    this.#dueHeld.changed()
    this.#outbox.add(entry)
  }
}
