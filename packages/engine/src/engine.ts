import type { EventLog } from './log.ts'
import type { Registers } from './registers.ts'
import type { ViewStore } from './views.ts'
import type { Volatile } from './volatile.ts'

/** The four ports. Everything above them can't tell which engine it runs on. */
export interface Engine {
  readonly log: EventLog
  readonly registers: Registers
  readonly views: ViewStore
  readonly volatile: Volatile
  /** One sentence for each thing that does not work right now; empty means fit. Never rejects. */
  ailments(): readonly string[]
  /** Ends waits, answers or rejects what is under way, then releases everything. Safe to call twice. */
  close(): Promise<void>
}
