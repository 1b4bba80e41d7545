/** One kind of rows of a snapshot. */
export interface Section<Row = unknown> {
  readonly kind: string
  /** As they stand when it is called, whatever is folded while they are read. Plain JSON. */
  rows(): Iterable<Row>
  /** Takes in the rows of another fold, in their order. */
  take(row: Row): void
}

/** What a list that only grows holds now. */
export const beginning = <Thing>(things: Iterable<Thing>, count: number): Iterable<Thing> =>
  Iterator.from(things).take(count)

/** Characters of JSON in one chunk, but for a single row that is longer: what is made and read in one turn of the event loop. */
const chunkLength = 256 * 1024

/** Chunks of JSON, each `[kind, row, …]`: all rows as they stood at the call. */
export function chunksOf(sections: readonly Section[]): Iterable<string> {
  return joined(sections.map((section) => ({ kind: section.kind, rows: section.rows() })))
}

function* joined(sections: readonly { readonly kind: string; readonly rows: Iterable<unknown> }[]): Generator<string> {
  for (const { kind, rows } of sections) {
    const name = JSON.stringify(kind)
    let chunk = name
    for (const row of rows) {
      const text = JSON.stringify(row)
      if (chunk.length > name.length && chunk.length + text.length > chunkLength) {
        yield `[${chunk}]`
        chunk = name
      }
      chunk += `,${text}`
    }
    if (chunk.length > name.length) yield `[${chunk}]`
  }
}

/** Throws on what no `chunksOf` of this code wrote. */
export function takeChunk(sections: readonly Section[], chunk: string): void {
  const [kind, ...rows]: unknown[] = JSON.parse(chunk)
  const section = sections.find((each) => each.kind === kind)
  if (section === undefined) throw new Error('A snapshot has rows of another kind')
  for (const row of rows) section.take(row)
}
