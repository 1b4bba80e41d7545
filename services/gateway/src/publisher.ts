import { type Binding, type EventKey, type IdsRow, accepted, claimKey, idsKey, readRow } from '@unavez/exchange'
import type { AcceptedEvent } from '@unavez/protocol'

import { bound, isSame } from './binding.ts'
import { ClaimedIds, type ClaimedPorts, type Outcome } from './claimed-ids.ts'
import { type Caller, FirstTries, type Sent } from './first-tries.ts'
import { lookUpFailed } from './publish-problems.ts'
import type { Candidate, Turn } from './offered.ts'
import type { RecentEvents } from './recent-events.ts'

export interface PublisherPorts extends ClaimedPorts {
  readonly recent: RecentEvents
}

interface UnderWay extends Binding {
  readonly accepting: Promise<AcceptedEvent>
}

/**
 * One id, one event: the `ids` protocol of formats.md. Every call ends within about two append budgets: with the one
 * position of the id, or with a Problem: 'event-id-reused', 'publish-unknown', 'rebuilding', 'unavailable'.
 */
export class Publisher {
  readonly #ports: PublisherPorts
  readonly #tries: FirstTries
  readonly #claimed: ClaimedIds
  readonly #underWay = new Map<string, UnderWay>()

  constructor(ports: PublisherPorts) {
    this.#ports = ports
    this.#claimed = new ClaimedIds(ports)
    this.#tries = new FirstTries(ports, {
      known: ({ candidate, caller }, row) => this.#repeated(candidate, caller, row),
      claimed: ({ candidate, caller }, claim) => void this.#end(caller, this.#claimed.settle(candidate, claim)),
      written: (sent, row) => this.#written(sent, row),
      failed: (caller, error) => this.#failed(caller, error),
    })
  }

  publish(candidate: Candidate, turn?: Turn): Promise<AcceptedEvent> {
    const text = claimKey(candidate)
    const isAlone = turn?.after === undefined && !this.#underWay.has(text) && this.#ports.recent.get(text) === undefined
    return isAlone ? this.#lead(text, candidate, turn) : this.#behindOthers(text, candidate, turn)
  }

  /** The event of an id, as far as it is known without looking into the log. */
  async known(key: EventKey): Promise<IdsRow | undefined> {
    const recent = this.#ports.recent.get(claimKey(key))
    if (recent !== undefined) return recent
    const value = await this.#ports.views.get(idsKey(key)).catch(lookUpFailed)
    return value === undefined ? undefined : readRow(value)
  }

  async #behindOthers(text: string, candidate: Candidate, turn?: Turn): Promise<AcceptedEvent> {
    await turn?.after
    for (;;) {
      const row = this.#ports.recent.get(text)
      if (row !== undefined) return accepted(candidate.id, bound(candidate, row), true)
      const underWay = this.#underWay.get(text)
      if (underWay === undefined) return this.#lead(text, candidate, turn)
      // Then it is known here; and if it is forgotten already, the view has it.
      if (isSame(candidate, underWay)) await underWay.accepting
      else await underWay.accepting.catch(() => undefined)
    }
  }

  /** The first of its id on this instance; others that come meanwhile await what becomes of it. */
  #lead(text: string, candidate: Candidate, turn?: Turn): Promise<AcceptedEvent> {
    const { id, hash, version } = candidate
    const accepting = new Promise<AcceptedEvent>((resolve, reject) => {
      this.#tries.add({ candidate, turn, caller: { text, id, resolve, reject } })
    })
    this.#underWay.set(text, { hash, version, accepting })
    return accepting
  }

  #repeated(candidate: Candidate, caller: Caller, row: IdsRow): void {
    try {
      this.#accepted(caller, { row: bound(candidate, row), first: false })
    } catch (error) {
      this.#failed(caller, error)
    }
  }

  #written(sent: Sent, row: IdsRow): void {
    if (this.#claimed.isSurelyFirst(sent)) this.#accepted(sent.caller, { row, first: true })
    else void this.#end(sent.caller, this.#claimed.firstOf(sent, { from: sent.from, own: row }))
  }

  #end(caller: Caller, outcome: Promise<Outcome>): Promise<void> {
    return outcome.then(
      (settled) => this.#accepted(caller, settled),
      (error: unknown) => this.#failed(caller, error),
    )
  }

  #accepted({ text, id, resolve }: Caller, { row, first }: Outcome): void {
    this.#ports.recent.add(text, row)
    this.#underWay.delete(text)
    resolve(accepted(id, row, !first))
  }

  #failed({ text, reject }: Caller, error: unknown): void {
    this.#underWay.delete(text)
    reject(error)
  }
}
