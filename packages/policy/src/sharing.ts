/** Parts of states that many have alike: names and times, and what comes out of a template. */
const texts = ['consumer', 'owner', 'proposer', 'contract', 'institution', 'validFrom', 'validUntil'] as const
const parts = ['purpose', 'legalBasis', 'fields', 'roles', 'contracts'] as const
/** Mostly empty. */
const lists = ['endorsements', 'signatures', 'past', 'keys', 'orders'] as const

/** Different parts that are remembered; what comes later is kept by each state for itself. */
const partsMax = 100_000

export const none: readonly never[] = []

/** One copy of what is equal: nothing of a state is ever changed, so states can have parts in common. */
export class Sharing {
  readonly #known = new Map<string, unknown>()

  /** Puts common parts into what was just parsed and nobody else has. */
  of<Parsed extends object>(parsed: Parsed): Parsed {
    const members = parsed as Record<string, unknown>
    for (const name of texts) {
      const text = members[name]
      if (typeof text === 'string') members[name] = this.#first(text, text)
    }
    for (const name of parts) {
      const part = members[name]
      if (typeof part === 'object' && part !== null) members[name] = this.#first(JSON.stringify(part), part)
    }
    for (const name of lists) {
      const list = members[name]
      if (Array.isArray(list) && list.length === 0) members[name] = none
    }
    return parsed
  }

  #first(key: string, part: unknown): unknown {
    const known = this.#known.get(key)
    if (known !== undefined) return known
    if (this.#known.size < partsMax) this.#known.set(key, part)
    return part
  }
}
