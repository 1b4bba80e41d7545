import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'

import { ledgerEntry, type Message, type ViewStore } from '@unavez/engine'

import { open, seal } from './seal.ts'

const view = 'control-snapshot'
/** The newest stays whole while the other one is written over. */
const slots = ['a', 'b'] as const
type Slot = (typeof slots)[number]
const headSort = 'head'
/** Chunks asked for at once. */
const chunksPerList = 16
/** A chunk unpacked; more is none of ours. */
const chunkBytesMax = 16 * 1024 * 1024

const pack = promisify(zstdCompress)
const unpack = promisify(zstdDecompress)

/** Where in the log a snapshot stands. */
export interface SnapshotPlace {
  /** The control offset behind the last record folded. */
  readonly offset: number
  /** That record: a log that has another one there is another log. */
  readonly last: { readonly offset: number; readonly entry: string }
}

/** What a snapshot names as the last record that it took in. */
export const placeOf = (offset: number, last: Message): SnapshotPlace => ({
  offset,
  last: { offset: last.offset, entry: ledgerEntry(last).toString('base64url') },
})

export interface SnapshotHead extends SnapshotPlace {
  readonly version: string
  readonly id: string
  readonly chunks: number
}

interface Kept {
  readonly slot: Slot
  readonly head: SnapshotHead
}

export interface SnapshotStoreOptions {
  readonly views: ViewStore
  /** Seals what is kept: it holds all of control, and what was changed is not read. */
  readonly key: Buffer
  /** Of the code: snapshots of another one are as good as none. */
  readonly version: string
}

/**
 * Snapshots in the view `control-snapshot`, in two slots. Rows of a slot: `head` (JSON) and `<chunk>` (text, zstd), all sealed under
 * the slot's snapshot and their place. Writers of one slot exclude each other by its checkpoint: 'checkpoint-moved' for the later.
 */
export class SnapshotStore {
  readonly #options: SnapshotStoreOptions

  constructor(options: SnapshotStoreOptions) {
    this.#options = options
  }

  /** Heads of whole snapshots of this version, the newest first. */
  async heads(): Promise<readonly SnapshotHead[]> {
    return (await this.#kept()).map(({ head }) => head)
  }

  /** Throws on a chunk that is missing, cut or changed. */
  async *chunks(head: SnapshotHead): AsyncGenerator<string> {
    const kept = (await this.#kept()).find((each) => each.head.id === head.id)
    for (let first = 0; first < head.chunks; first += chunksPerList) {
      const count = Math.min(chunksPerList, head.chunks - first)
      const range = { from: sortOf(first), limit: count }
      const rows = kept === undefined ? [] : await this.#options.views.list({ view, partition: kept.slot }, range)
      if (rows.length < count) throw new Error('A snapshot is cut')
      yield* await Promise.all(rows.map(({ value }, i) => this.#opened(value, chunkName(head.id, first + i))))
    }
  }

  /** Writes over the older slot, chunk by chunk; `between` runs after each. */
  async write(place: SnapshotPlace, chunks: Iterable<string>, between: () => Promise<void>): Promise<void> {
    const { views, key, version } = this.#options
    const [newest] = await this.#kept()
    const slot = slots.find((each) => each !== newest?.slot) ?? slots[0]
    const source = `${view}/${slot}`
    const id = randomUUID()
    let at = await views.checkpoint(source)
    const put = async (sort: string, value: Buffer | null, gone: readonly string[] = []): Promise<void> => {
      const removed = gone.map((each) => ({ view, partition: slot, sort: each, value: null }))
      await views.write([...removed, { view, partition: slot, sort, value }], { source, from: at, next: at + 1 })
      at += 1
    }
    await put(headSort, null)
    let count = 0
    for (const chunk of chunks) {
      await put(sortOf(count), seal(key, chunkName(id, count), await packed(chunk)))
      count += 1
      await between()
    }
    const head: SnapshotHead = { version, id, chunks: count, ...place }
    await put(headSort, seal(key, headName(slot), Buffer.from(JSON.stringify(head))))
    for (let gone = await this.#surplus(slot, count); gone.length > 0; gone = await this.#surplus(slot, count)) {
      const [first = '', ...others] = gone
      await put(first, null, others)
    }
  }

  async #kept(): Promise<readonly Kept[]> {
    const heads = await Promise.all(slots.map((slot) => this.#head(slot)))
    return heads.flatMap((kept) => kept ?? []).toSorted((a, b) => b.head.offset - a.head.offset)
  }

  async #head(slot: Slot): Promise<Kept | undefined> {
    const { views, key, version } = this.#options
    const sealed = await views.get({ view, partition: slot, sort: headSort })
    if (sealed === undefined) return undefined
    try {
      const head = JSON.parse(open(key, headName(slot), sealed).toString()) as SnapshotHead
      return head.version === version ? { slot, head } : undefined
    } catch {
      return undefined
    }
  }

  async #opened(sealed: Buffer, name: string): Promise<string> {
    const bytes = await unpack(open(this.#options.key, name, sealed), { maxOutputLength: chunkBytesMax })
    return bytes.toString('utf8')
  }

  /** Chunks that a longer snapshot left in the slot. */
  async #surplus(slot: Slot, count: number): Promise<readonly string[]> {
    const rows = await this.#options.views.list(
      { view, partition: slot },
      { from: sortOf(count), limit: chunksPerList },
    )
    return rows.map(({ sort }) => sort).filter((sort) => sort !== headSort)
  }
}

const packed = (chunk: string): Promise<Buffer> =>
  pack(Buffer.from(chunk), { params: { [constants.ZSTD_c_compressionLevel]: 1 } })

/** Sorts before `head`. */
const sortOf = (chunk: number): string => String(chunk).padStart(8, '0')

const headName = (slot: Slot): string => `${view}/${slot}`
const chunkName = (id: string, chunk: number): string => `${view}/${id}/${chunk}`
