import { randomFillSync } from 'node:crypto'

const saltBytes = 16
const drawnAtOnce = 512 * saltBytes

/** 16 random bytes per record, drawn many at a time. A buffer that was handed out is never written again. */
export class Salts {
  #pool = Buffer.alloc(0)
  #used = 0

  next(): Buffer {
    if (this.#used === this.#pool.length) {
      this.#pool = randomFillSync(Buffer.allocUnsafeSlow(drawnAtOnce))
      this.#used = 0
    }
    const salt = this.#pool.subarray(this.#used, this.#used + saltBytes)
    this.#used += saltBytes
    return salt
  }
}
