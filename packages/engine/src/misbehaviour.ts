/**
 * What a distributed engine does on its bad days, acted out on demand so that the code above the ports can be tested against
 * it. The embedded engine offers it; on Kafka real faults do the same.
 */
export interface Misbehaviour {
  /** What the next appends (to this topic) answer, one each: really not written, written but unknown, or written only after `land()`. */
  appendOutcomes(topic: string, outcomes: readonly ('not-written' | 'unknown-written' | 'unknown-lands-later')[]): void
  /** Lets the appends that were answered 'unknown-lands-later' land now. */
  land(): Promise<void>
  /** Appends and puts reject 'not-written', everything else 'unavailable', waits under way too, until called with false. */
  unreachable(now: boolean): void
  /** Every partition gets a second owner beside the first until called with false; members that join meanwhile too. */
  twoOwners(now: boolean): Promise<void>
  /** Aborts the work of every owner and starts it again, as after a rebalance: batches come again. */
  rebalance(): Promise<void>
  /** Takes a copy of all views; `rollBackViews` puts it back once, as a fail-over to an older replica does.
   *  Without a copy: empties them. */
  keepViews(): Promise<void>
  rollBackViews(): Promise<void>
  /** Forgets all volatile state, kept claims too, and starts a new memory. */
  loseVolatile(): Promise<void>
  /**
   * Reads of this topic give nothing appended from now on, while `end` and `bounds` stay honest, until called with false: a
   * replica that falls behind and can know it.
   */
  freeze(topic: string, frozen: boolean): void
}
