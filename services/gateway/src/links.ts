import { randomUUID } from 'node:crypto'

import { limits, type Message, type NewMessage } from '@unavez/engine'
import { type EventKey, eventHeaders, keyOf, textOf } from '@unavez/exchange'
import { type Fact, type LinkKind, linkKinds, type Policy, theBus } from '@unavez/policy'
import { type Following, follow, type Surroundings } from '@unavez/service-kit'

const topic = 'events.identity'

const linkLimits = {
  /** Messages whose declarations become one command: its record stays below the message limit. */
  perCommand: 250,
  /** How long a publisher waits until what it declared holds. */
  waitMs: 2_000,
} as const

/** What an event declares of two identifiers, or takes back. */
interface Declaration {
  /** `te/<id>` */
  readonly event: string
  readonly link: { readonly kind: LinkKind; readonly person: string; readonly other: string } | undefined
  /** The event whose declaration it takes back. */
  readonly annuls: string | undefined
}

/**
 * Declarations among the events of the domain `identity` become facts of `control`: there they have one order, reach every
 * process within the lease, and outlive the events that said so. Whoever owns the partition writes them; writing them again
 * changes nothing.
 */
export class Links {
  readonly #surroundings: Surroundings
  #following: Promise<Following | undefined> | undefined

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
    surroundings.control.onChange(() => this.#begin(), surroundings.closing)
    surroundings.onClose(async () => (await this.#following)?.close())
    this.#begin()
  }

  /** After the event is durable: until what it declares holds here, or the time is over. */
  async settled({ message: { headers }, ...key }: EventKey & { readonly message: NewMessage }): Promise<void> {
    const declared = read(key, (name) => headers[eventHeaders[name]]?.toString())
    if (declared === undefined) return
    const { control, closing } = this.#surroundings
    const over = AbortSignal.any([closing, AbortSignal.timeout(linkLimits.waitMs)])
    await new Promise<void>((resolve) => {
      const look = () => factsOf([declared], control.policy).length === 0 && resolve()
      over.addEventListener('abort', () => resolve(), { once: true })
      control.onChange(look, over)
      look()
    })
  }

  /** From when on there is such a domain. */
  #begin(): void {
    const { control, log, closing } = this.#surroundings
    if (this.#following !== undefined || closing.aborted || !control.policy.domains().includes('identity')) return
    this.#following = this.#follow().catch((error: unknown) => {
      log.warn({ error }, 'links between identifiers are not followed yet')
      this.#following = undefined
      return undefined
    })
  }

  async #follow(): Promise<Following> {
    const { engine, log } = this.#surroundings
    await engine.log.ensureTopics([{ name: topic, partitions: limits.partitions, cleanup: 'keep' }])
    return follow({
      engine,
      name: 'links',
      topics: [topic],
      fold: async (messages) => {
        const declared = messages.flatMap((message) => readMessage(message) ?? [])
        for (let from = 0; from < declared.length; from += linkLimits.perCommand)
          await this.#declare(declared.slice(from, from + linkLimits.perCommand))
        return []
      },
      onError: (error, { partition }) => log.warn({ error, partition }, 'taking up links between identifiers failed'),
    })
  }

  async #declare(declared: readonly Declaration[]): Promise<void> {
    const { control } = this.#surroundings
    await control.submit({
      command: `links/${randomUUID()}`,
      hash: '',
      by: theBus('links'),
      decide: (policy) => ({
        facts: factsOf(declared, policy),
        reads: declared.flatMap(({ event, annuls = event }) => [aggregateOf(event), aggregateOf(annuls)]),
      }),
    })
  }
}

const nameOf = ({ institution, id }: EventKey): string => `${institution}/${id}`

const aggregateOf = (event: string): string => `link:${event}`

/** What of it is not known yet. */
function factsOf(declared: readonly Declaration[], policy: Policy): readonly Fact[] {
  const facts: Fact[] = []
  const made = new Set<string>()
  const annulled = new Set<string>()
  for (const { event, link, annuls } of declared) {
    const stands = annuls !== undefined && (made.has(annuls) || policy.link(annuls)?.annulled === false)
    if (stands && !annulled.has(annuls)) {
      annulled.add(annuls)
      facts.push({ type: 'identifiers-link-annulled', aggregate: aggregateOf(annuls) })
    }
    if (link === undefined || made.has(event) || policy.version(aggregateOf(event)) > 0) continue
    made.add(event)
    facts.push({ type: 'identifiers-linked', aggregate: aggregateOf(event), ...link })
  }
  return facts
}

type HeaderOf = (name: 'link' | 'changetype' | 'previouseventid') => string | undefined

function readMessage(message: Message): Declaration | undefined {
  const headerOf: HeaderOf = (name) => textOf(message, name)
  const key = headerOf('link') === undefined ? undefined : keyOf(message)
  return key === undefined ? undefined : read(key, headerOf)
}

function read(key: EventKey, headerOf: HeaderOf): Declaration | undefined {
  const [named, person, other] = headerOf('link')?.split(' ') ?? []
  const kind = linkKinds.find((each) => each === named)
  if (kind === undefined || person === undefined || other === undefined) return undefined
  const id = headerOf('previouseventid')
  const isOver = id !== undefined && headerOf('changetype') !== 'corrected'
  return {
    event: nameOf(key),
    link: isOver ? undefined : { kind, person, other },
    annuls: id === undefined ? undefined : nameOf({ institution: key.institution, id }),
  }
}
