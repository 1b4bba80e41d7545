const dayMs = 86_400_000

/** Named limits of retention. */
export const retentionLimits = {
  /** Between two looks at a partition. Milliseconds. */
  everyMs: 600_000,
  /** How long a subscription may keep events beyond their retention before it is ended. */
  graceMs: 14 * dayMs,
  /** How long the words of consumers on what they did with events are kept. */
  effectsMs: 90 * dayMs,
} as const
