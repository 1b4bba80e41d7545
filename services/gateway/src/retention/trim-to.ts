/** Where a live subscription stands in one partition. */
export interface Standing {
  readonly subscription: string
  /** The first event due to it; where nothing due is known of, how far that is certain. */
  readonly offset: number
  readonly isDue: boolean
}

/** One partition of a domain's topic, as offsets. */
export interface Aged {
  /** The first that can be read. */
  readonly first: number
  /** The first event that is not older than the longest retention of the domain's contracts. */
  readonly retained: number
  /** The first that is not older than that and the grace together; never behind `retained`. */
  readonly tolerated: number
  /** What else may not be passed: ID_WINDOW, and whoever has to have read an event before it goes. */
  readonly floors: readonly number[]
  readonly standing: readonly Standing[]
}

export interface Trimming {
  /** Everything before it can go; `first` if nothing can. */
  readonly before: number
  /** Subscriptions for whose sake something stays beyond its retention. */
  readonly pinning: readonly string[]
  /** Those of them that have done so beyond the grace: once they are ended they hold nothing any more. */
  readonly over: readonly string[]
}

/** How far a partition can be trimmed, and who stands in the way. */
export function trimTo({ first, retained, tolerated, floors, standing }: Aged): Trimming {
  const pinning = standing.filter(({ offset, isDue }) => isDue && offset < retained)
  const over = pinning.filter(({ offset }) => offset < tolerated)
  const before = Math.min(retained, ...floors, ...standing.map(({ offset }) => offset))
  return { before: Math.max(first, before), pinning: pinning.map(named), over: over.map(named) }
}

const named = ({ subscription }: Standing): string => subscription
