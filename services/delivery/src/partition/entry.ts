import type { EffectRow, PushFailure, WrittenStanding } from '@unavez/exchange'

export type Failure = PushFailure

/** An event that was delivered without being held: offset, status, milliseconds. Status 0: it was not due any more. */
export type Delivered = readonly [offset: number, status: number, ms: number]

/** Which (subscription, epoch) an entry speaks of. What speaks of an older epoch than the one that stands says nothing. */
interface Of {
  readonly of: string
  readonly epoch: number
}

/** Times are milliseconds since 1970; `subject` is the root pseudonym of the key subject. */
export type Entry =
  /** The subscription stands at `next` in this epoch; whatever was held before is let go. */
  | (Of & { readonly type: 'began'; readonly next: number })
  /**
   * Everything before `next` is delivered, held, behind a held one, or not due; of what stands at or behind it, these are
   * delivered. `from`: where the next disclosure begins, if what lies between was passed over and never disclosed.
   */
  | (Of & {
      readonly type: 'settled'
      readonly next: number
      readonly from?: number
      readonly delivered?: readonly Delivered[]
    })
  /** An attempt failed, and the delivery waits with its subject: until `nextAt`, or for an order. `attempts`: made so far. */
  | (Of & {
      readonly type: 'held'
      readonly subject: string
      readonly offset: number
      readonly attempts: number
      readonly nextAt?: number
      readonly since: number
      readonly failure: Failure
    })
  /** Later events of a held subject wait behind it. */
  | (Of & { readonly type: 'followed'; readonly subject: string; readonly offsets: readonly number[] })
  /** A held delivery is over; the first behind it takes its place and is due. */
  | (Of & {
      readonly type: 'released'
      readonly subject: string
      readonly offset: number
      readonly at: number
      readonly outcome: 'delivered' | 'skipped'
      readonly status?: number
      readonly ms?: number
      readonly reason?: string
    })
  /** Held deliveries are due now, whenever they were to be. */
  | (Of & { readonly type: 'due'; readonly offsets: readonly number[]; readonly at: number })
  /** The endpoint failed at an event, which stays where it is. */
  | (Of & { readonly type: 'failed'; readonly offset: number; readonly failure: Failure })
  | (Of & { readonly type: 'circuit'; readonly state: 'open' | 'closed' })
  /** Orders up to this one are done. */
  | (Of & { readonly type: 'ordered'; readonly n: number })
  /** What its receiver said, in the answer, that it did with an event. Stands before what settles that. */
  | (Of & { readonly type: 'told'; readonly row: EffectRow })
  /** Nothing more is delivered to it. */
  | (Of & { readonly type: 'ended' })
  /** Nothing before `next` is due to anybody but these, where they do not stand behind it already. `of` is empty. */
  | (Of & { readonly type: 'passed'; readonly next: number; readonly except: readonly string[] })
  /** The whole of what stands: with all records of one snapshot, nothing before them is needed. */
  | (Of & { readonly type: 'stands'; readonly standing: WrittenStanding })

/** An entry before it is said whose it is. */
export type Untold = Entry extends infer E ? (E extends Entry ? Omit<E, 'of' | 'epoch'> : never) : never

/** Nothing before `next` is due, but to those named. */
export const passedTo = (next: number, except: readonly string[] = []): Entry => ({
  type: 'passed',
  of: '',
  epoch: 0,
  next,
  except,
})
