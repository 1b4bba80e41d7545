import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openEmbeddedEngine } from '@unavez/engine-embedded'
import { encodeControlRecord, openControl, openKeys, systemClock } from '@unavez/service-kit'

import { untilReady } from '../setup/ready.ts'
import { country, countryRecords } from './country.ts'
import { cpuOf } from './cpu.ts'
import { aligned, rounds, type Sample, table } from './rounds.ts'
import { startServer } from './servers.ts'

/** Appends under way at once, while the log is filled. */
const atOnce = 2000

/** A bus of a country's size on the embedded engine: starting from its snapshot or from the log alone, memory, and questions. */
export async function countrySizes(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'unavez-country-'))
  const masterKey = randomBytes(32)
  try {
    const filled = await fill(directory, masterKey)
    const fromLog = await opened(directory, masterKey)
    const started = await rounds(
      [{ name: 'bus, from its snapshot', round: () => start(directory, masterKey.toString('base64')) }],
      5,
    )
    const asked = await ask(directory, masterKey.toString('base64'))
    const { institutions, systems, agreements, subscriptions } = country
    const about = `${institutions} institutions, ${systems} systems, ${agreements} agreements, ${subscriptions} subscriptions, `
    return [
      `  ${about}${filled} records`,
      aligned([
        ['from the log alone', `${(fromLog.ms / 1000).toFixed(1)} s`, `${fromLog.cpuSeconds.toFixed(1)} s of CPU`],
        ['its snapshot, written beside', `${(fromLog.snapshotMs / 1000).toFixed(1)} s`, ''],
      ]),
      table(started),
      asked,
    ].join('\n')
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function fill(directory: string, masterKey: Buffer): Promise<number> {
  const engine = await openEmbeddedEngine({ directory })
  const mac = openKeys(masterKey).of('control-mac')
  await engine.log.ensureTopics([{ name: 'control', partitions: 1, cleanup: 'keep' }])
  let count = 0
  let underWay: Promise<unknown>[] = []
  for (const { record, by } of countryRecords(Date.now())) {
    underWay.push(engine.log.append(encodeControlRecord(mac, { record, by, n: count++ })))
    if (underWay.length < atOnce) continue
    await Promise.all(underWay)
    underWay = []
  }
  await Promise.all(underWay)
  await engine.close()
  return count
}

/** Folds the whole log once, and waits for the snapshot that is made of it. */
async function opened(directory: string, masterKey: Buffer) {
  const engine = await openEmbeddedEngine({ directory })
  const made = Promise.withResolvers<void>()
  const log = {
    info: (_: unknown, message: string) => (message.includes('snapshot') ? made.resolve() : undefined),
    warn: (_: unknown, message: string) => made.reject(new Error(message)),
    error: () => undefined,
  }
  const before = { at: performance.now(), cpu: cpuOf([process.pid]) }
  const control = await openControl({
    engine,
    keys: openKeys(masterKey),
    clock: systemClock,
    leaseMs: 1000,
    log,
    closing: new AbortController().signal,
  })
  const ms = performance.now() - before.at
  const cpuSeconds = cpuOf([process.pid]) - before.cpu
  await made.promise
  const snapshotMs = performance.now() - before.at - ms
  await control.close()
  await engine.close()
  return { ms, cpuSeconds, snapshotMs }
}

async function start(directory: string, masterKey: string): Promise<Sample> {
  const from = performance.now()
  const { url, server, close } = await startServer(['services/host/src/main.ts'], {
    ENGINE: 'embedded',
    DATA_DIR: directory,
    MASTER_KEY: masterKey,
    SANDBOX: 'off',
    PORT: '0',
  })
  await untilReady(url)
  const sample = { 's to ready': (performance.now() - from) / 1000, 'CPU s': cpuOf(server), 'RSS MB': rssOf(server) }
  await new Promise((resolve) => setTimeout(resolve, 5000))
  const later = { 'RSS MB after 5 s': rssOf(server) }
  await close()
  return { ...sample, ...later }
}

function rssOf(pids: readonly number[]): number {
  const status = readFileSync(`/proc/${pids[0] ?? 0}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? NaN) / 1000
}

/** In a process of its own, which opens control as a service does. */
async function ask(directory: string, masterKey: string): Promise<string> {
  const asker = fork(new URL('asking.ts', import.meta.url), { stdio: 'inherit' })
  try {
    return await new Promise<string>((resolve, reject) => {
      asker.once('message', (told: string) => resolve(told))
      asker.once('exit', (code) => reject(new Error(`the asking process ended with ${String(code)}`)))
      asker.send({ directory, masterKey })
    })
  } finally {
    asker.kill()
  }
}
