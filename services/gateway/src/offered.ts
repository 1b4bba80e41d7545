import type { NewMessage } from '@unavez/engine'
import type { Binding, EventKey } from '@unavez/exchange'

/** A valid, authorised event, ready to be written. */
export interface Candidate extends EventKey, Binding {
  readonly source: string
  readonly traceId: string
  readonly message: NewMessage
  /** The same event by another version of its contract. Throws Problem if that version can't say it. */
  by(version: number): Candidate
}

/** How a batch keeps its order per subject: appends issued one after the other for one partition land in that order. */
export interface Turn {
  /** Settles when the event before this one has been issued, or has ended otherwise. */
  readonly after: Promise<void> | undefined
  issued(): void
}
