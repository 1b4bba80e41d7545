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

function writePart(into: Buffer, text: string, at: number): number {
  const length = into.write(text, at + 4)
  return into.writeUInt32BE(length, at) + length
}
