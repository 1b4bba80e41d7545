/** Which memory answered. Another `id` than before means that everything earlier was lost. */
export interface Memory {
  readonly id: string
  /** Since when this kind of claim is remembered. */
  readonly since: Date
}

export interface ClaimOptions {
  readonly ttlMs: number
  /** Kept over a restart where the engine can (embedded: in its file), so that a restart forgets nothing. */
  readonly kept?: boolean
}

export interface NewClaim {
  readonly key: string
  readonly value: Buffer
}

/** Claims, seen `jti`, rate limits. May be lost at any time; whoever uses it answers more strictly then, never wrongly. */
export interface Volatile {
  /** Puts if absent. `held` is null if this call put it, else the value that stands. Atomic across instances. */
  claim(
    key: string,
    value: Buffer,
    options: ClaimOptions,
  ): Promise<{ readonly held: Buffer | null; readonly memory: Memory }>
  /**
   * The same for any number of claims, each atomic by itself; what each holds stands in their order. Of equal keys the first
   * puts. A failure leaves open which of them were put. One memory has answered for all, or it rejects 'unavailable'.
   */
  claimMany(
    claims: readonly NewClaim[],
    options: Omit<ClaimOptions, 'kept'>,
  ): Promise<{ readonly held: readonly (Buffer | null)[]; readonly memory: Memory }>
  get(key: string): Promise<Buffer | undefined>
  /** Adds to a counter that forgets itself `ttlMs` after its first addition, and answers with the sum. */
  count(key: string, amount: number, ttlMs: number): Promise<number>
  memory(): Promise<Memory>
  /** How long after a loss a write begun before it may still land in the log. Milliseconds; 0 where a loss ends the writers too. */
  readonly settleMs: number
}
