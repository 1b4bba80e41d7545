import { access, constants, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'

import { EngineError } from '@unavez/engine'

import { busy, resultCode, sayingOf } from './failure.ts'
import { sizes } from './sizes.ts'

/** Makes the directory where it is missing. Rejects 'cannot-start' if it can't be written. */
export async function prepareDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    const message = `The data directory ${directory} can't be written: ${sayingOf(cause)}`
    throw new EngineError('cannot-start', message, { cause })
  }
}

/**
 * One process at a time: the lock is SQLite's exclusive lock on a file of its own, which the system takes back from a process
 * that was killed. Answers with what gives it back.
 */
export async function lockDirectory(directory: string): Promise<() => void> {
  const deadline = performance.now() + sizes.lockWaitMs
  for (;;) {
    const release = tryLock(directory)
    if (release !== undefined) return release
    if (performance.now() > deadline) {
      const message = `Another process uses the data directory ${directory}: stop it first, or choose another directory.`
      throw new EngineError('cannot-start', message)
    }
    await pause(50)
  }
}

function tryLock(directory: string): (() => void) | undefined {
  const lock = new DatabaseSync(join(directory, 'lock.db'), { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
    return () => lock.close()
  } catch (cause) {
    lock.close()
    if (resultCode(cause) === busy) return undefined
    const message = `The data directory ${directory} can't be locked: ${sayingOf(cause)}`
    throw new EngineError('cannot-start', message, { cause })
  }
}
