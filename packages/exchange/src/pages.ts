import type { Message } from '@unavez/engine'
import { type AgreementState, type Decision, overSince, type SubscriptionState } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import type { Surroundings } from '@unavez/service-kit'

import { requireEpoch } from './cursor.ts'
import { disclosureBasis, recordDisclosure } from './disclosure.ts'
import { type FoldedVersions, openFoldedVersions } from './folded-versions.ts'
import { openLenses } from './lens.ts'
import { type Gap, type PartitionOffset, type Range, readPage } from './page.ts'
import { textOf } from './record-headers.ts'
import type { Recipient } from './recipient.ts'
import { type Lens, show, type Shown, summarise } from './shown.ts'
import { openSieves } from './sieve.ts'
import { somethingNew } from './something-new.ts'

export interface PageWish {
  readonly recipient: Recipient
  /** Where to read on: all partitions of the domain, or some; each once. */
  readonly from: readonly PartitionOffset[]
  /** Of the cursor that says so; 'cursor-outdated' once a decision has moved the subscription. */
  readonly epoch: number
  /** Events at most, and about so many bytes of records. */
  readonly limit: number
  readonly bytes: number
  /** Until when a first event is waited for, by the monotonic clock. */
  readonly until: number
  /** Whether a place that is kept no more may be passed; without it 'position-gone' is rejected. */
  readonly gone?: Gap
}

/** What one page shows of one partition. */
interface ShownRange {
  readonly partition: number
  readonly from: number
  /** Where to read on. It is `from` still when what was passed over is left to the next page and its disclosure. */
  readonly next: number
  /** How far it was looked: `next`, or behind it. */
  readonly read: number
  readonly shown: readonly Shown[]
}

export interface ShownPage {
  /** In the order of the wish. */
  readonly ranges: readonly ShownRange[]
  /** More stood behind it when it was read. */
  readonly more: boolean
  /** What it was shown under. */
  readonly terms: string
}

export interface FirstDue {
  readonly offset: number
  readonly message?: Message
}

/** Under what a page is shown. */
interface Due {
  readonly decision: Decision
  readonly subscription: SubscriptionState
  readonly agreement: AgreementState
  /** Since when the agreement is over, where only corrections still come. */
  readonly over: Date | undefined
  readonly topic: string
}

const pageLimits = {
  /** Changes of the terms that one page outlives. */
  changed: 5,
  /** Records passed over in one partition, none of them due, before they get a disclosure of their own: what is looked at again meanwhile. */
  passedOver: 256,
  /** Bytes of records looked at for a first event that is due. */
  lookedAtBytes: 8_000_000,
} as const

type PageSurroundings = Pick<Surroundings, 'engine' | 'control' | 'keys' | 'clock' | 'closing' | 'settings'>

/** The one way from the log to a consumer: authorised, read, authorised again, shown, disclosed, and authorised once more. */
export class Pages {
  readonly #surroundings: PageSurroundings
  readonly #undecodable: (message: Message, error: unknown) => void
  readonly #lensFor: ReturnType<typeof openLenses>
  readonly #folded: FoldedVersions
  readonly #sieveFor: ReturnType<typeof openSieves>

  /** `undecodable` is told of each record that no version can decode: it is passed over and counted as withheld. */
  constructor(surroundings: PageSurroundings, undecodable: (message: Message, error: unknown) => void) {
    this.#surroundings = surroundings
    this.#undecodable = undecodable
    this.#lensFor = openLenses(surroundings)
    this.#folded = openFoldedVersions(surroundings)
    this.#sieveFor = openSieves(surroundings.engine, surroundings.control.policy, this.#folded)
  }

  /**
   * The page behind the offsets. When it resolves its disclosures are durable and it may leave at once; whoever lets time
   * pass before it leaves asks `require` again. Rejects as `recipient.authorize` and the log do.
   */
  async next(wish: PageWish): Promise<ShownPage> {
    for (let tries = 0; tries <= pageLimits.changed; tries += 1) {
      const page = await this.#once(wish)
      if (page !== undefined) return page
    }
    throw new Problem('unavailable', { retryAfter: 1 })
  }

  /** Whether what was shown may still leave: rejects what the recipient is told if not, 'unavailable' if the terms are others now. */
  async require(
    { recipient, epoch }: Pick<PageWish, 'recipient' | 'epoch'>,
    { terms }: Pick<ShownPage, 'terms'>,
  ): Promise<void> {
    const due = await this.#due(recipient)
    requireEpoch({ epoch }, due.subscription.epoch)
    if (termsOf(due) !== terms) throw new Problem('unavailable', { retryAfter: 1 })
  }

  /** The first event due to a subscription at or behind a place; without one, how far that is certain. Shows and records nothing. */
  async firstDue(subscription: string, at: PartitionOffset): Promise<FirstDue> {
    const stands = this.#standing(subscription)
    const source = await this.#source(stands).catch((error: unknown) => {
      // While its filter is to be mended, everything may be due.
      if (error instanceof Problem && error.code === 'filter-outdated') return this.#unfiltered(stands)
      throw error
    })
    const [range] = await readPage({ ...source, from: [at], limit: 1, bytes: pageLimits.lookedAtBytes })
    const [message] = range?.messages ?? []
    return message === undefined ? { offset: range?.next ?? at.offset } : { offset: message.offset, message }
  }

  /**
   * Whether an event that was found is the subscription's: `due` to it now, or at least `agreed`, whatever its own filter says
   * meanwhile. Shows and records nothing.
   */
  async isTheirs(id: string, message: Message, by: 'due' | 'agreed'): Promise<boolean> {
    const now = this.#standing(id)
    if (textOf(message, 'type') !== now.agreement.contract || message.topic !== now.topic) return false
    const { filter: _, ...unfiltered } = now.subscription
    const subscription = by === 'due' ? now.subscription : { ...unfiltered, baseline: 'include' as const }
    const { sieve } = await this.#source({ ...now, subscription })
    return sieve === undefined || !(await sieve([message])).has(message.offset)
  }

  /** Who asks, for what, under which agreement; asked anew whenever time has passed. */
  async #due(recipient: Recipient): Promise<Due> {
    const decision = await recipient.authorize()
    return { decision, ...this.#standing(recipient.subscription) }
  }

  /** The subscription as policy has it now, with what it stands under. */
  #standing(id: string): Omit<Due, 'decision'> {
    const { control, clock } = this.#surroundings
    const { policy } = control
    const subscription = policy.subscription(id)
    const agreement = subscription && policy.agreement(subscription.agreement)
    const contract = agreement && policy.contract(agreement.contract)
    if (subscription === undefined || agreement === undefined || contract === undefined) throw new Problem('not-found')
    const over = overSince(policy, agreement, clock.now())
    return { subscription, agreement, over, topic: `events.${contract.domain}` }
  }

  /** Undefined if the terms changed meanwhile: what was read under those of before does not leave. */
  async #once(wish: PageWish): Promise<ShownPage | undefined> {
    const { recipient, epoch } = wish
    const before = await this.#due(recipient)
    requireEpoch({ epoch }, before.subscription.epoch)
    const ranges = await this.#read(before, wish)
    // Asked again after every wait: what was allowed when the page was asked for may not be any more.
    const due = await this.#due(recipient)
    const terms = termsOf(before)
    if (termsOf(due) !== terms) return undefined
    requireEpoch({ epoch }, due.subscription.epoch)
    const shown = await this.#shown(ranges, await this.#lensFor(due.agreement))
    await this.#disclose(recipient, due, { ranges, shown })
    // And once more after the disclosure, however long that took: what leaves is allowed when it leaves.
    await recipient.authorize()
    if (termsOf(this.#standing(recipient.subscription)) !== terms) return undefined
    return { ranges: ranges.map((range, i) => shownRange(range, shown[i] ?? [])), more: moreIn(ranges), terms }
  }

  /** What stands behind the offsets; waits for a first event as long as the wish allows. */
  async #read(due: Due, wish: PageWish): Promise<readonly Range[]> {
    const { topic } = due
    const { from, limit, bytes, until, gone: gap } = wish
    const { gone } = wish.recipient
    const { clock } = this.#surroundings
    const passing = gap === undefined ? {} : { gone: gap }
    const page = { ...(await this.#source(due)), limit, bytes, ...passing }
    let ranges = await readPage({ ...page, from })
    while (ranges.every((range) => range.messages.length === 0) && !moreIn(ranges)) {
      const waitMs = until - clock.monotonic()
      const stands = (): boolean => this.#stands(due, wish)
      if (waitMs <= 0 || gone.aborted || !stands()) break
      await somethingNew(this.#surroundings, { gone, stands, topic, ranges, waitMs })
      const read = await readPage({
        ...page,
        from: ranges.map(({ partition, next: offset }) => ({ partition, offset })),
      })
      ranges = read.map((range, i) => ({ ...range, from: ranges[i]?.from ?? range.from }))
    }
    return ranges
  }

  /** Where a subscription's events come from, and what is passed over there. */
  async #source({ subscription, agreement, over, topic }: Omit<Due, 'decision'>) {
    const lens = await this.#lensFor(agreement)
    const sieve = this.#sieveFor({ subscription, agreement, lens, over })
    return { ...this.#unfiltered({ agreement, topic }), ...(sieve === undefined ? {} : { sieve }) }
  }

  #unfiltered({ agreement, topic }: Pick<Due, 'agreement' | 'topic'>) {
    const { log, views } = this.#surroundings.engine
    return { log, views, topic, type: agreement.contract }
  }

  /** What a wait depends on, as far as this instance knows: the yes, the terms, and where the subscription stands. */
  #stands(due: Due, { recipient, epoch }: PageWish): boolean {
    if (!recipient.allowed()) return false
    const now = this.#standing(recipient.subscription)
    return now.subscription.epoch === epoch && termsOf(now) === termsOf(due)
  }

  /** Passes over what can't be decoded. */
  async #shown(ranges: readonly Range[], lens: Lens): Promise<readonly (readonly Shown[])[]> {
    await this.#folded(ranges.flatMap(({ messages }) => messages))
    return ranges.map(({ messages }) =>
      messages.flatMap((message) => {
        try {
          return [show(message, lens)]
        } catch (error) {
          this.#undecodable(message, error)
          return []
        }
      }),
    )
  }

  async #disclose(recipient: Recipient, due: Due, { ranges, shown }: Read): Promise<void> {
    const basis = disclosureBasis(due.subscription, due.agreement, due.decision)
    const { log } = this.#surroundings.engine
    const context = { log, actor: recipient.actor, traceparent: recipient.traceparent, topic: due.topic }
    const written = ranges.flatMap((range, i) => {
      if (!isRecorded(range)) return []
      const events = shown[i] ?? []
      const withheld = range.messages.length - events.length
      const bounds = { from: range.from, next: range.next, ...(withheld === 0 ? {} : { withheld }) }
      return recordDisclosure(context, range.partition, { ...basis, ...bounds, ...summarise(events) })
    })
    await Promise.all(written).catch((cause: unknown) => {
      throw new Problem('unavailable', { retryAfter: 1, cause })
    })
  }
}

/** What is agreed, and what the subscription keeps out of it. */
const termsOf = ({ agreement, subscription, over }: Omit<Due, 'decision'>): string =>
  `${agreement.version}/${subscription.filterVersion}${over === undefined ? '' : '/over'}`

interface Read {
  readonly ranges: readonly Range[]
  readonly shown: readonly (readonly Shown[])[]
}

/**
 * Whether a range gets a disclosure. Cursors move over recorded ranges only, so that disclosures chain without a hole:
 * what was merely passed over belongs to the next range.
 */
const isRecorded = ({ messages, from, next }: Range): boolean =>
  messages.length > 0 || next - from >= pageLimits.passedOver

const shownRange = (range: Range, shown: readonly Shown[]): ShownRange => {
  const { partition, from, next } = range
  return { partition, from, next: isRecorded(range) ? next : from, read: next, shown }
}

const moreIn = (ranges: readonly Range[]): boolean => ranges.some((range) => range.next < range.end)
