/** What is kept of the room between two uses; more goes back to the system. */
const keptBytes = 1024 * 1024

/** Gathers pieces one behind the other, in room that is used again and again. */
export class ContinuousBuffer {
  #room = Buffer.allocUnsafeSlow(64 * 1024)
  #length = 0

  /** Has a piece of at most so many bytes written; answers, as `write` does, with the place behind it. */
  add(bytes: number, write: (into: Buffer, at: number) => number): number {
    if (this.#length + bytes > this.#room.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(this.#length + bytes, this.#room.length * 2))
      this.#room.copy(larger, 0, 0, this.#length)
      this.#room = larger
    }
    this.#length = write(this.#room, this.#length)
    return this.#length
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
