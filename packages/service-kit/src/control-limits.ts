/** Named limits of the control replica and of deciding. */
export const controlLimits = {
  /** How long a question waits for a proof of freshness before it is refused. */
  freshWaitMs: 2_000,
  /** How often a command is decided again after it lost a race. */
  tries: 10,
  snapshots: { every: 20_000, jitterMs: 30_000, pauseMs: 5 },
} as const
