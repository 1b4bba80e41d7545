/** What one server takes on at most, so that no client can make others wait. Milliseconds, bytes, items. */
export const httpLimits = {
  connections: 10_000,
  /** From the first byte of a request to the last of its body. */
  requestMs: 30_000,
  headersMs: 10_000,
  /** Without a byte either way; longer than the longest wait of a poll. */
  idleMs: 75_000,
  keepAliveMs: 72_000,
  /** Bodies larger than this are counted against the sum below. */
  countedBodyBytes: 16 * 1024,
  /** The sum of the larger bodies that are being read or answered. */
  bodyBytesUnderWay: 256 * 1024 * 1024,
  /** Longest life of an answer that leaves in chunks, whatever its client does. */
  streamMs: 660_000,
  /** For what is under way when the host stops. */
  drainMs: 20_000,
  /** What is still read, and thrown away, of a body that was refused. */
  lingerMs: 2_000,
  lingerBytes: 32 * 1024 * 1024,
  paramLength: 1024,
  jsonDepth: 64,
  /** Verified access tokens remembered. */
  tokens: 10_000,
  tokenLength: 4096,
  /** Longest wait for the replica to reach the caller's `Unavez-At`. */
  atWaitMs: 1000,
} as const
