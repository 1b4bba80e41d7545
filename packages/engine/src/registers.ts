/**
 * The latest value of a key that must be overwritten or truly destroyed: sealed secrets, evidence keys, committed pull
 * cursors. Values are opaque here; whoever needs them secret seals them first. Reads see every write acknowledged on this
 * instance at once, and those of others as soon as they arrive. All writes are durable on return and reject 'not-written'
 * or 'unknown' like an append.
 */
export interface Registers {
  get(key: string): Promise<Buffer | undefined>
  put(key: string, value: Buffer): Promise<void>
  /** Puts only if the present value equals `expected` (undefined: there is none). False: it does not, and nothing changed. */
  compareAndPut(key: string, expected: Buffer | undefined, value: Buffer): Promise<boolean>
  /** Destroys the value: gone from every store of the bus within the hour. */
  destroy(key: string): Promise<void>
}
