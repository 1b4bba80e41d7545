import { randomBytes } from 'node:crypto'
import { closeSync, existsSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs'

/** Space held back on the disk, given up so that a trim, which must write before it can free, gets through when it is full. */
export class Ballast {
  readonly #file: string
  readonly #bytes: number

  constructor(file: string, bytes: number) {
    this.#file = file
    this.#bytes = bytes
  }

  get isKept(): boolean {
    return existsSync(this.#file)
  }

  giveUp(): void {
    rmSync(this.#file, { force: true })
  }

  /** Takes the space, unless it is taken already. False if the disk does not have it. Random bytes: some disks compress. */
  keep(): boolean {
    if (this.isKept) return true
    try {
      const handle = openSync(this.#file, 'wx')
      try {
        const piece = randomBytes(Math.min(this.#bytes, 1024 * 1024))
        for (let written = 0; written < this.#bytes; written += piece.length) {
          if (writeSync(handle, piece) < piece.length) throw new Error('a short write: the disk is full')
        }
        fsyncSync(handle)
      } finally {
        closeSync(handle)
      }
      return true
    } catch {
      this.giveUp()
      return false
    }
  }
}
