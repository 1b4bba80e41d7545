import { createHash, type Hash } from 'node:crypto'

/**
 * Count and hash of a range of one partition, computed alike by the bus and by its consumers: SHA-256 over (source, id,
 * SHA-256 of the event's JSON as sent) in offset order, each part with four bytes of length in front.
 */
export class RangeDigest {
  readonly #hash: Hash = createHash('sha256')
  #count = 0

  add(source: string, id: string, shown: string): void {
    this.#part(Buffer.from(source))
    this.#part(Buffer.from(id))
    this.#part(createHash('sha256').update(shown).digest())
    this.#count += 1
  }

  /** `sha256:` and hex. The digest can't be added to afterwards. */
  end(): { readonly count: number; readonly hash: string } {
    return { count: this.#count, hash: `sha256:${this.#hash.digest('hex')}` }
  }

  #part(bytes: Buffer): void {
    const length = Buffer.allocUnsafe(4)
    length.writeUInt32BE(bytes.length)
    this.#hash.update(length).update(bytes)
  }
}
