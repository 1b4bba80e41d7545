const dayMs = 86_400_000

/** Named limits of retention. */
export const retentionLimits = {
  /** Between two looks at a partition. Milliseconds. */
  everyMs: 600_000,
  /** How long a subscription may keep events beyond their retention before it is ended. */
  graceMs: 14 * dayMs,
  /** Messages and bytes whose rows are removed in one write. */
  pageMessages: 500,
  pageBytes: 1_000_000,
} as const
