import { spawnSync } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'

import { cpuOf } from './cpu.ts'
import { rounds, type Sample, table } from './rounds.ts'
import { startBareSqlite, startBus } from './servers.ts'

interface Started {
  readonly pids: readonly number[]
  readonly close: () => Promise<void>
}

async function timed(start: () => Promise<Started>): Promise<Sample> {
  const from = performance.now()
  const { pids, close } = await start()
  const sample = { 'ms to ready': performance.now() - from, 'CPU ms': cpuOf(pids) * 1000 }
  await close()
  await wait(200)
  return sample
}

async function bare(): Promise<Started> {
  const { server, close } = await startBareSqlite()
  return { pids: server, close }
}

async function embedded(): Promise<Started> {
  const { bus, behind } = await startBus()
  return { pids: behind.server, close: bus.close }
}

async function prestart(): Promise<Started> {
  const { status } = spawnSync(process.execPath, ['infra/install.mjs'], { stdio: 'inherit' })
  if (status !== 0) throw new Error('prestart failed')
  return { pids: [], close: async () => undefined }
}

/** From the start of the process until it can answer; and what `prestart` takes when nothing has changed. */
export async function startToReady(): Promise<string> {
  return table(
    await rounds(
      [
        { name: 'bare route', round: () => timed(bare) },
        { name: 'bus, embedded, empty', round: () => timed(embedded) },
        { name: 'prestart, nothing to do', round: () => timed(prestart) },
      ],
      5,
    ),
  )
}
