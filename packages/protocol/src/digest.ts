import { createHash, hash, type Hash } from 'node:crypto'

const digestBytes = 32

/**
 * Count and hash of a range of one partition, computed alike by the bus and by its consumers: SHA-256 over (source, id,
 * SHA-256 of the event's JSON as sent) in offset order, each part with four bytes of length in front.
 */
export class RangeDigest {
  readonly #hash: Hash = createHash('sha256')
  #count = 0

  add(source: string, id: string, shown: string | Uint8Array): void {
    const parts = Buffer.allocUnsafe(12 + Buffer.byteLength(source) + Buffer.byteLength(id) + digestBytes)
    let at = writePart(parts, source, 0)
    at = writePart(parts, id, at)
    at = parts.writeUInt32BE(digestBytes, at)
    parts.write(hash('sha256', shown, 'binary'), at, 'binary')
    this.#hash.update(parts)
    this.#count += 1
  }

  /** `sha256:` and hex. The digest can't be added to afterwards. */
  end(): { readonly count: number; readonly hash: string } {
    return { count: this.#count, hash: `sha256:${this.#hash.digest('hex')}` }
  }
}

/** Count and hash of the part of a range that stands in one partition: the first two characters of the positions there. */
export interface PartitionDigest {
  readonly partition: string
  readonly count: number
  readonly hash: string
}

/** Of what stands between two cursors: in all, and by partition those that hold anything, in their order. */
export interface CursorDigestEnd {
  readonly count: number
  readonly hash: string
  readonly partitions: readonly PartitionDigest[]
}

const partitionDigits = 2

/** What a consumer computes while it reads: a `RangeDigest` per partition, as there is no order across them. */
export class CursorDigest {
  readonly #partitions = new Map<string, RangeDigest>()

  /** Each event of the range once, those of one partition in their order; `shown` is its JSON exactly as it came. */
  add(
    event: { readonly position: string; readonly source: string; readonly id: string },
    shown: string | Uint8Array,
  ): void {
    const partition = event.position.slice(0, partitionDigits)
    let digest = this.#partitions.get(partition)
    if (digest === undefined) this.#partitions.set(partition, (digest = new RangeDigest()))
    digest.add(event.source, event.id, shown)
  }

  /** The digest can't be added to afterwards. */
  end(): CursorDigestEnd {
    const partitions = [...this.#partitions].map(([partition, digest]) => ({ partition, ...digest.end() }))
    const ordered = partitions.toSorted((a, b) => (a.partition < b.partition ? -1 : 1))
    return { ...totalOf(ordered), partitions: ordered }
  }
}

/** `sha256:` of the lines `<partition> <count> <hash>`, each with a line feed, of the partitions that hold anything, in their order. */
export function totalOf(partitions: readonly PartitionDigest[]): { readonly count: number; readonly hash: string } {
  const lines = partitions.map(({ partition, count, hash: of }) => `${partition} ${count} ${of}\n`).join('')
  const count = partitions.reduce((sum, each) => sum + each.count, 0)
  return { count, hash: `sha256:${hash('sha256', lines)}` }
}

function writePart(into: Buffer, text: string, at: number): number {
  const length = into.write(text, at + 4)
  return into.writeUInt32BE(length, at) + length
}
