import type { ProblemCode, Text } from '@unavez/protocol'

export interface ReasonEntry {
  /** How a refusal for this reason is told over HTTP. */
  readonly problem: ProblemCode
  readonly text: Text
  /** What to do so that the answer becomes yes. */
  readonly remedy: Text
}
