import { type Engine, EngineError, limits, type Misbehaviour } from '@unavez/engine'

import { Channel } from './channel.ts'
import { Condition, outOfReach } from './condition.ts'
import { sayingOf } from './failure.ts'
import { lockDirectory, prepareDirectory } from './lock.ts'
import { EmbeddedLog } from './log.ts'
import type { State } from './messages.ts'
import { misbehaviourOf } from './misbehaviour.ts'
import { Ownership } from './ownership.ts'
import { Partitions } from './partitions.ts'
import { Reader } from './reader.ts'
import { EmbeddedRegisters } from './registers.ts'
import { RingBudget } from './ring.ts'
import { sizes } from './sizes.ts'
import { EmbeddedViews } from './views.ts'
import { EmbeddedVolatile } from './volatile.ts'

export interface EmbeddedOptions {
  /** Where the data is kept; made if it is missing. One process at a time. */
  readonly directory: string
  /** Time in which an append is answered; default `limits.appendBudgetMs`. */
  readonly appendBudgetMs?: number
  /** Bytes of newest messages kept in memory for readers that follow closely. Default 64 MB. */
  readonly ringBytes?: number
  /** Bytes held back on the disk so that `trim` can run when it is full. Default 16 MB. */
  readonly ballastBytes?: number
  /** The database grows no further than this; beyond it is like a full disk. Default: no limit. */
  readonly maxBytes?: number
  /** How long destroyed bytes may stand in the write-ahead log. Milliseconds, default one minute. */
  readonly rinseMs?: number
}

export type EmbeddedEngine = Engine & { readonly misbehaviour: Misbehaviour }

/** Rejects 'cannot-start' in one sentence: unwritable directory, another process on it, a file that is not ours. */
export async function openEmbeddedEngine(options: EmbeddedOptions): Promise<EmbeddedEngine> {
  await prepareDirectory(options.directory)
  const unlock = await lockDirectory(options.directory)
  try {
    return await openOn(options, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

async function openOn(options: EmbeddedOptions, unlock: () => void): Promise<EmbeddedEngine> {
  const { directory, maxBytes } = options
  const { ballastBytes = sizes.ballastBytes, rinseMs = sizes.rinseMs } = options
  const partitions = new Partitions()
  const settings = { directory, maxBytes, ballastBytes, rinseMs }
  const events = {
    state: (state: State): void => partitions.update(state),
    reopened: (): void => undefined,
    answering: (): void => undefined,
    committed: (): void => undefined,
  }
  let claims: State['claims'] | undefined
  const channel = await Channel.open(settings, options.appendBudgetMs ?? limits.appendBudgetMs, {
    state: (state) => {
      claims = state.claims
      events.state(state)
    },
    reopened: () => events.reopened(),
    answering: () => events.answering(),
    committed: () => events.committed(),
  })
  const reader = openReader(directory)
  const condition = new Condition()
  const ownership = new Ownership()
  const ring = new RingBudget(options.ringBytes ?? sizes.ringBytes)
  const log = new EmbeddedLog({ channel, reader, partitions, ring, ownership, condition })
  const volatile = new EmbeddedVolatile({ channel, reader, condition })
  if (claims !== undefined) volatile.keptIn(claims)
  events.state = (state) => {
    partitions.update(state)
    volatile.keptIn(state.claims)
  }
  events.reopened = () => reader.reopen()
  events.answering = () => reader.refresh()
  events.committed = () => log.committed()

  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    await ownership.close()
    condition.close()
    for (const partition of partitions.all()) partition.wake()
    // The writer's connection goes last: it folds the log of writes into the file.
    reader.close()
    await channel.close()
    unlock()
  }
  return {
    log,
    registers: new EmbeddedRegisters({ channel, reader, condition }),
    views: new EmbeddedViews({ channel, reader, condition }),
    volatile,
    misbehaviour: misbehaviourOf({ log, channel, condition, ownership, partitions, volatile }),
    ailments: () =>
      [channel.ailment, condition.isUnreachable ? outOfReach : undefined].filter((one) => one !== undefined),
    close: () => (closing ??= close()),
  }
}

function openReader(directory: string): Reader {
  try {
    return new Reader(directory)
  } catch (cause) {
    throw new EngineError('cannot-start', `The data in ${directory} could not be read: ${sayingOf(cause)}`, { cause })
  }
}
