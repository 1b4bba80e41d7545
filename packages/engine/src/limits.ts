/** Named limits that both engines keep. */
export const limits = {
  /** Key, value and headers of one message. */
  messageBytes: 1_000_000,
  /** Partitions of every partitioned topic; never changed in place. */
  partitions: 12,
  /** Default time in which an append is acknowledged or rejected. It must exceed an election of a new leader. */
  appendBudgetMs: 15_000,
  /** Longest wait of one read. */
  readWaitMs: 30_000,
} as const
