import { type Engine, isEngineError, type PartitionId } from '@unavez/engine'

import { ChangelogFold } from './changelog-fold.ts'
import { decodeRecord } from './changelog-record.ts'

const readLimits = { messages: 1_000, bytes: 4_000_000, waitMs: 0 } as const

/** The register that names the first record of a partition's last snapshot. Lost, or behind: more is read than need be. */
const snapshotRegister = ({ topic, partition }: PartitionId): string => `snapshot/${topic}/${partition}`

export async function noteSnapshot({ registers }: Pick<Engine, 'registers'>, at: PartitionId, first: number) {
  await registers.put(snapshotRegister(at), Buffer.from(String(first)))
}

/** Folds a partition's changelog from its last snapshot to an offset that is known to stand. Rejects as the log does. */
export async function readChangelog(
  { log, registers }: Pick<Engine, 'log' | 'registers'>,
  at: PartitionId,
  to: number,
): Promise<ChangelogFold> {
  const noted = Number((await registers.get(snapshotRegister(at)))?.toString() ?? 0)
  const fold = new ChangelogFold()
  let offset = Math.min(noted, to)
  while (offset <= to) {
    try {
      const page = await log.read({ ...at, offset }, readLimits)
      for (const message of page.messages) {
        const record = message.offset <= to ? decodeRecord(message.value) : undefined
        if (record !== undefined) fold.apply(record)
      }
      offset = page.next
    } catch (error) {
      if (!isEngineError(error, 'position-gone') || error.first === undefined) throw error
      offset = error.first
    }
  }
  return fold
}
