import { fork } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'

import { cpuOf } from './cpu.ts'
import type { Done, FromGenerator, Job } from './job.ts'
import type { Sample } from './rounds.ts'

/** Processes behind one measured thing: the server itself, and what it stands on. */
export interface Behind {
  readonly url: string
  readonly server: readonly number[]
  readonly stores: readonly number[]
}

let runs = 0

/** One round of load on one server: rate, latency, CPU per event. */
export async function load(behind: Behind, job: Omit<Job, 'url' | 'run'>): Promise<Sample> {
  const generator = fork(new URL('generator.ts', import.meta.url), { stdio: 'inherit' })
  const gone = new Promise((resolve) => generator.once('exit', resolve))
  const before = { server: NaN, stores: NaN }
  const done = await new Promise<Done>((resolve, reject) => {
    generator.on('message', (message: FromGenerator) => {
      if (message.kind === 'done') return resolve(message)
      before.server = cpuOf(behind.server)
      before.stores = cpuOf(behind.stores)
    })
    generator.once('error', reject)
    generator.once('exit', () => reject(new Error('the generator ended early')))
    generator.send({ ...job, url: behind.url, run: `r${process.pid.toString(36)}y${(runs++).toString(36)}` })
  })
  const perEvent = (after: number, from: number): number => ((after - from) * 1000) / done.events
  const sample = {
    'events/s': done.events / done.seconds,
    'p50 ms': done.p50,
    'p99 ms': done.p99,
    'server CPU ms': perEvent(cpuOf(behind.server), before.server),
    ...(behind.stores.length === 0 ? {} : { 'stores CPU ms': perEvent(cpuOf(behind.stores), before.stores) }),
  }
  if (Object.keys(done.refused).length > 0) process.stdout.write(`  refused: ${JSON.stringify(done.refused)}\n`)
  await gone
  await wait(300)
  return sample
}
