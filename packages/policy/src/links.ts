/** What an authority declared of two identifiers: the first takes the other's place, both are one subject's, or they were two subjects'. */
export const linkKinds = ['replaced', 'same', 'split'] as const
export type LinkKind = (typeof linkKinds)[number]

/** `link:<institution>/<event id>`; `person` and `other` are roots. */
export type LinkFact =
  | { type: 'identifiers-linked'; aggregate: string; kind: LinkKind; person: string; other: string }
  | { type: 'identifiers-link-annulled'; aggregate: string }

export interface LinkState {
  readonly kind: LinkKind
  readonly person: string
  readonly other: string
  readonly annulled: boolean
}

/** The state after a fact; undefined if the fact makes no sense after what came before. */
export function evolveLink(state: LinkState | undefined, fact: LinkFact): LinkState | undefined {
  switch (fact.type) {
    case 'identifiers-linked': {
      const { kind, person, other } = fact
      return state === undefined && person !== other ? { kind, person, other, annulled: false } : undefined
    }
    case 'identifiers-link-annulled':
      return state === undefined || state.annulled ? undefined : { ...state, annulled: true }
  }
}

type Declaration = Pick<LinkState, 'kind' | 'person' | 'other'>

/** Roots that were declared to be one subject, under the one that came first. */
interface Joined {
  readonly first: string
  /** Place of the declaration that joined them; a root by itself: none. */
  readonly since: number
  readonly roots: readonly string[]
}

/**
 * The first root of each root that is joined to others, from declarations in their order. Of two groups the one that was
 * joined earlier keeps its first root, of two roots by themselves the `other` one: whatever is declared later, what was
 * routed stays routed as long as nothing is split. A split cuts what was declared of the two; if others still join them,
 * `person` stands alone.
 */
export function firstRoots(declared: readonly Declaration[]): ReadonlyMap<string, string> {
  let standing: readonly Declaration[] = []
  for (const link of declared) standing = link.kind === 'split' ? withoutLink(standing, link) : [...standing, link]
  return new Map([...joinedBy(standing)].flatMap(([root, { first }]) => (root === first ? [] : [[root, first]])))
}

function withoutLink(links: readonly Declaration[], { person, other }: Declaration): readonly Declaration[] {
  const left = links.filter(
    (link) => !(link.person === person && link.other === other) && !(link.person === other && link.other === person),
  )
  const joined = joinedBy(left)
  const group = joined.get(person)
  if (group === undefined || group !== joined.get(other)) return left
  return left.filter((link) => link.person !== person && link.other !== person)
}

function joinedBy(links: readonly Declaration[]): ReadonlyMap<string, Joined> {
  const groups = new Map<string, Joined>()
  const groupOf = (root: string): Joined => groups.get(root) ?? { first: root, since: Infinity, roots: [root] }
  for (const [place, { person, other }] of links.entries()) {
    const [mine, theirs] = [groupOf(person), groupOf(other)]
    if (mine === theirs) continue
    const kept = mine.since < theirs.since ? mine : theirs
    const joined = { first: kept.first, since: Math.min(kept.since, place), roots: [...theirs.roots, ...mine.roots] }
    for (const root of joined.roots) groups.set(root, joined)
  }
  return groups
}

const linkLimits = {
  /** Declarations that may stand in a row for one subject; later ones are not joined: that is nobody's life. */
  perSubject: 64,
} as const

interface Placed {
  readonly state: LinkState
  readonly place: number
}

/** Which roots are one subject, by everything that was declared and not annulled. */
export class Links {
  readonly #declared = new Map<string, Placed>()
  readonly #byRoot = new Map<string, Set<string>>()
  readonly #first = new Map<string, string>()
  #place = 0

  /** The root under which a subject is routed and shown: its own, unless it was joined to one that came before. */
  firstRoot(root: string): string {
    return this.#first.get(root) ?? root
  }

  /** A declaration as it stands now, by the event that made it. */
  set(event: string, state: LinkState): void {
    const known = this.#declared.get(event)
    if (known === undefined && this.#around(state).length >= linkLimits.perSubject) return
    this.#declared.set(event, { state, place: known?.place ?? (this.#place += 1) })
    for (const root of [state.person, state.other]) this.#namedWith(root).add(event)
    this.#join(this.#around(state))
  }

  /** What can't be read any more joins nobody. */
  forget(event: string): void {
    const known = this.#declared.get(event)
    if (known === undefined) return
    const around = this.#around(known.state)
    this.#declared.delete(event)
    for (const root of [known.state.person, known.state.other]) this.#byRoot.get(root)?.delete(event)
    this.#join(
      around.filter((placed) => placed !== known),
      [known.state.person, known.state.other],
    )
  }

  #namedWith(root: string): Set<string> {
    const events = this.#byRoot.get(root) ?? new Set()
    this.#byRoot.set(root, events)
    return events
  }

  /** Finds the first roots anew of all that these declarations, in order, are about. */
  #join(declared: readonly Placed[], more: readonly string[] = []): void {
    const states = declared.map(({ state }) => state)
    for (const root of [...more, ...states.flatMap(({ person, other }) => [person, other])]) this.#first.delete(root)
    for (const [root, first] of firstRoots(states.filter(({ annulled }) => !annulled))) this.#first.set(root, first)
  }

  /** Every declaration that hangs together with one of these roots, in order. */
  #around({ person, other }: LinkState): readonly Placed[] {
    const found = new Set<Placed>()
    const reached = new Set([person, other])
    for (const root of reached) {
      for (const event of this.#byRoot.get(root) ?? []) {
        const placed = this.#declared.get(event)
        if (placed === undefined) continue
        found.add(placed)
        reached.add(placed.state.person).add(placed.state.other)
      }
    }
    return [...found].toSorted((a, b) => a.place - b.place)
  }
}
