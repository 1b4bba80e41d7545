import type { PartitionAnswer } from './produce-calls.ts'

/**
 * What a broker's answer for one batch means.
 * again: the same bytes again, to whoever leads now. renumber: it was never appended, and the broker does not accept our
 * numbering: a new producer id, then again. unknown, not-written, too-large: the end for its callers.
 */
export type Verdict = 'landed' | 'again' | 'renumber' | 'unknown' | 'not-written' | 'too-large'

/** Elections, moved leaders, slow or missing replicas, brokers that start or stop. */
const passing = new Set([3, 5, 6, 7, 9, 13, 14, 15, 19, 20, 56, 74, 75, 76])
export const isPassing = (code: number): boolean => passing.has(code)

/** The request timed out; appended, but not yet by enough replicas. */
const mayBeAppended = new Set([7, 20])
/** Sequence out of order, producer fenced, producer unknown: an earlier try of ours may be the reason. */
const numbering = new Set([45, 47, 59])
const tooLarge = new Set([10, 18])

/** `maybeWritten` tells of this try and all before it. Without a base offset an error means that nothing was appended. */
export function judge(answer: PartitionAnswer, maybeWritten: boolean): Verdict {
  const { code } = answer
  if (code === 0) return 'landed'
  if (isPassing(code)) return 'again'
  if (maybeWritten) return 'unknown'
  if (numbering.has(code)) return 'renumber'
  return tooLarge.has(code) ? 'too-large' : 'not-written'
}

export const mayHaveAppended = ({ code, baseOffset }: PartitionAnswer): boolean =>
  code !== 0 && (baseOffset !== -1 || mayBeAppended.has(code))
