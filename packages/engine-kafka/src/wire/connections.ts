import { type Address, Link, LinkError, type LinkOptions } from './link.ts'
import type { Metadata } from './metadata.ts'

/** Each purpose has its own connection per broker: a broker answers one request of a connection at a time, so what must not wait for each other must not share one. */
export type Purpose =
  | 'produce-control'
  | 'produce-events'
  | 'produce-rest'
  | `read-${string}`
  | `watch-${string}`
  | `group-${string}`
  | 'admin'
  | 'producer-ids'

interface Slot {
  readonly address: Address
  readonly opening: Promise<Link>
  link?: Link
}

const same = (a: Address, b: Address): boolean => a.host === b.host && a.port === b.port

/** Opens connections when they are first needed, and again after they were lost. */
export class Connections {
  readonly #slots = new Map<string, Slot>()
  readonly #metadata: Metadata
  readonly #options: LinkOptions
  #closed = false

  constructor(metadata: Metadata, options: LinkOptions) {
    this.#metadata = metadata
    this.#options = options
  }

  /** A live connection to a broker for one purpose. Rejects with a LinkError; the next call tries again. */
  to(broker: number, purpose: Purpose): Promise<Link> {
    const address = this.#metadata.brokerAddress(broker)
    if (address === undefined) return Promise.reject(new LinkError(`broker ${broker} is not known`))
    if (this.#closed) return Promise.reject(new LinkError('the engine is closed'))
    const key = `${purpose}/${broker}`
    const present = this.#slots.get(key)
    const usable = present !== undefined && present.link?.alive !== false && same(present.address, address)
    if (usable) return present.opening
    present?.link?.destroy('replaced')
    return this.#open(key, address)
  }

  close(): void {
    this.#closed = true
    for (const { link } of this.#slots.values()) link?.destroy()
  }

  #open(key: string, address: Address): Promise<Link> {
    const opening = Link.open(address, this.#options)
    const slot: Slot = { address, opening }
    this.#slots.set(key, slot)
    opening.then(
      (link) => {
        slot.link = link
        if (this.#closed || this.#slots.get(key) !== slot) link.destroy('replaced')
      },
      () => {
        if (this.#slots.get(key) === slot) this.#slots.delete(key)
      },
    )
    return opening
  }
}
