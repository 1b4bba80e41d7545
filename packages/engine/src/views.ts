/** One row of a view. Rows with the same `view` and `partition` are an ordered list by `sort` (byte order of UTF-8). */
export interface ViewKey {
  readonly view: string
  readonly partition: string
  readonly sort: string
}

/** A deterministic put; `null` removes the row. */
export interface ViewChange extends ViewKey {
  readonly value: Buffer | null
}

/** How far a source (`ids/events.civil/3`) was folded: `from` is where the writer believes it stands (0 at first), `next` where it will. */
export interface Checkpoint {
  readonly source: string
  readonly from: number
  readonly next: number
}

export interface ViewRange {
  /** Inclusive start; without it the list's beginning (its end when `reverse`). */
  readonly from?: string
  readonly limit: number
  readonly reverse?: boolean
}

/** Folds of the log. May be lost or roll back at any time: a rebuilt one is the same. */
export interface ViewStore {
  get(key: ViewKey): Promise<Buffer | undefined>
  /** The same for any number of rows, in the order of their keys; they need not be of one moment. */
  getMany(keys: readonly ViewKey[]): Promise<readonly (Buffer | undefined)[]>
  list(
    list: Omit<ViewKey, 'sort'>,
    range: ViewRange,
  ): Promise<readonly { readonly sort: string; readonly value: Buffer }[]>
  /** All or nothing, and only if the source's checkpoint is exactly `from`: overlap and gap both reject 'checkpoint-moved'. */
  write(changes: readonly ViewChange[], checkpoint: Checkpoint): Promise<void>
  /** Where the source stands; 0 if it was never written, or is lost. */
  checkpoint(source: string): Promise<number>
}
