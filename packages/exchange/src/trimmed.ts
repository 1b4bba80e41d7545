import type { PartitionId, Registers } from '@unavez/engine'

const name = ({ topic, partition }: PartitionId): string => `trimmed/${topic}/${partition}`

interface Trimmed {
  readonly before: number
  /** RFC 3339 UTC. */
  readonly at: string
}

/** How much of a partition retention has let go of, rightly: nothing of it was still due to anybody. What else is missing, is missing. */
export async function trimmedBefore(registers: Registers, partition: PartitionId): Promise<number> {
  const value = await registers.get(name(partition))
  return value === undefined ? 0 : (JSON.parse(value.toString()) as Trimmed).before
}

/** Written before the log is trimmed, so that no reader finds a gap that it can't tell. */
export async function recordTrim(
  registers: Registers,
  partition: PartitionId,
  { before, at }: { readonly before: number; readonly at: Date },
): Promise<void> {
  await registers.put(name(partition), Buffer.from(JSON.stringify({ before, at: at.toISOString() } satisfies Trimmed)))
}
