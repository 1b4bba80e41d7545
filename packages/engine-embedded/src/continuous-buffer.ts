/** What is kept of the room between two uses; more goes back to the system. */
const keptBytes = 1024 * 1024

/** Gathers pieces one behind the other, in room that is used again and again. */
export class ContinuousBuffer {
  #room = Buffer.allocUnsafeSlow(64 * 1024)
  #length = 0

  /** Has a piece of at most so many bytes written by `write`, which answers with the place behind it. */
  add(bytes: number, write: (into: Buffer, at: number) => number): { readonly start: number; readonly end: number } {
    if (this.#length + bytes > this.#room.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#length + bytes, this.#room.length * 2))
      this.#room.copy(larger, 0, 0, this.#length)
      this.#room = larger
    }
    const start = this.#length
    this.#length = write(this.#room, start)
    return { start, end: this.#length }
  }

  /** Everything so far, in a buffer of exactly its size: a view would be cloned with all that stands beside it. */
  take(): Buffer {
    const taken = Buffer.allocUnsafeSlow(this.#length)
    this.#room.copy(taken, 0, 0, this.#length)
    this.#length = 0
    if (this.#room.length > keptBytes) this.#room = Buffer.allocUnsafeSlow(64 * 1024)
    return taken
  }
}
