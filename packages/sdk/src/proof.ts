import { CursorDigest, type DeliveredEvent, Problem, type PulledPage } from '@unavez/protocol'

/** What a consumer has between two cursors. */
export interface DigestPart {
  readonly from: string
  readonly to: string
  readonly count: number
  readonly hash: string
}

export interface DigestReport extends DigestPart {
  /** The pages that it is made of, in their order; at most 100. */
  readonly parts?: readonly DigestPart[]
}

/** What the bus says to a report. */
export interface DigestAnswer {
  readonly matches: boolean
  /** As the bus has them; absent if it can't tell. */
  readonly count?: number
  readonly hash?: string
  /** The parts that do not match, as the bus has them. */
  readonly differs?: readonly (Omit<DigestPart, 'count' | 'hash'> & Partial<DigestPart>)[]
  /** How far all reports together prove to be complete. */
  readonly complete?: { readonly from: string; readonly to: string; readonly until: string }
}

export interface ProveOptions {
  /** Pages between two reports, 1 to 100; 20 unless told. */
  readonly everyPages?: number
  /** Hears what the bus says, and a Problem where it could not say it. What it throws ends the following. */
  readonly onReport: (answer: DigestAnswer | Problem, report: DigestReport) => void
}

interface Reporting {
  texts(page: PulledPage): readonly string[]
  report(subscription: string, report: DigestReport): Promise<DigestAnswer>
}

interface Page {
  readonly part: DigestPart
  readonly events: readonly { readonly event: DeliveredEvent; readonly text: string }[]
}

const pagesDefault = 20

/** Remembers what was handled since the last report, page by page, and reports it. */
export class Proof {
  readonly #source: Reporting
  readonly #subscription: string
  readonly #options: ProveOptions
  #pages: Page[] = []

  constructor(source: Reporting, subscription: string, options: ProveOptions) {
    this.#source = source
    this.#subscription = subscription
    this.#options = options
  }

  /** A page all of which was handled. Reports when there are enough of them, or when the page does not go on where the last one ended. */
  async add(page: PulledPage): Promise<void> {
    if (page.next === page.from) return
    if (this.#pages.length > 0 && this.#pages.at(-1)?.part.to !== page.from) await this.send()
    const texts = this.#source.texts(page)
    const events = page.events.map((event, i) => ({ event, text: texts[i] ?? '' }))
    this.#pages.push({ part: { from: page.from, to: page.next, ...digestOf([events]) }, events })
    if (this.#pages.length >= (this.#options.everyPages ?? pagesDefault)) await this.send()
  }

  /** Reports what was not reported yet. */
  async send(): Promise<void> {
    const pages = this.#pages
    const [first, last] = [pages[0]?.part, pages.at(-1)?.part]
    if (first === undefined || last === undefined) return
    this.#pages = []
    const whole = digestOf(pages.map(({ events }) => events))
    const report = { from: first.from, to: last.to, ...whole, parts: pages.map(({ part }) => part) }
    const answer = await this.#source.report(this.#subscription, report).catch((error: unknown) => {
      if (error instanceof Problem) return error
      throw error
    })
    this.#options.onReport(answer, report)
  }
}

function digestOf(pages: readonly Page['events'][]): Pick<DigestPart, 'count' | 'hash'> {
  const digest = new CursorDigest()
  for (const { event, text } of pages.flat()) digest.add(event, text)
  const { count, hash } = digest.end()
  return { count, hash }
}
