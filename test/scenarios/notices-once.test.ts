import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type EmbeddedEngine, openEmbeddedEngine } from '@unavez/engine-embedded'
import { type Host, readConfig, selectServices, startHost } from '@unavez/host'
import { Client } from '@unavez/sdk'
import { systemClock } from '@unavez/service-kit'

import { newKey } from '../setup/bus.ts'
import { untilReady } from '../setup/ready.ts'

const dayMs = 86_400_000
const topic = 'events.bus'

describe('P2, P4: a notice becomes one event', () => {
  const operatorKey = newKey('operator')
  let directory: string
  let engine: EmbeddedEngine
  let hosts: Host[]
  let aheadMs: number
  let environment: Record<string, string>

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'unavez-notices-'))
    engine = await openEmbeddedEngine({ directory })
    hosts = []
    aheadMs = 0
    environment = {
      PORT: '0',
      PUBLIC_URL: 'http://unavez.test',
      DATA_DIR: directory,
      MASTER_KEY: randomBytes(32).toString('base64'),
      OPERATOR_JWKS: JSON.stringify({ keys: [operatorKey.publicJwk] }),
      SANDBOX: 'off',
    }
  })
  afterEach(async () => {
    await stopped()
    await engine.close()
    rmSync(directory, { recursive: true, force: true })
  })

  /** Another instance on the one engine, its time of day ahead as far as the test says. */
  async function started(...services: readonly string[]): Promise<Host> {
    const silent = () => undefined
    const host = await startHost({
      config: readConfig(environment),
      services: selectServices(services),
      log: { info: silent, warn: silent, error: silent },
      print: silent,
      engine,
      clock: { now: () => new Date(Date.now() + aheadMs), monotonic: () => systemClock.monotonic() },
    })
    hosts.push(host)
    await untilReady(host.url)
    return host
  }

  async function stopped(): Promise<void> {
    await Promise.all(hosts.map((host) => host.close()))
    hosts = []
  }

  /** An institution whose system has a key that expires, over HTTP. */
  async function keyExpiring(days: number, { url }: Host): Promise<void> {
    const operator = new Client({ url, clientId: 'operator.admin', key: operatorKey.privateJwk })
    await operator.post('/v1/institutions', { id: 'css', name: { es: 'css', en: 'css' }, country: 'PA' })
    const jwks = { keys: [newKey('k1').publicJwk] }
    await operator.post('/v1/institutions/css/systems', { id: 'main', name: 'main', roles: ['consumer'], jwks })
    const notAfter = new Date(Date.now() + days * dayMs).toISOString()
    const token = await operator.token()
    const answer = await fetch(`${url}/v1/institutions/css/systems/main/keys/k2`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...newKey('k2').publicJwk, notAfter }),
    })
    expect(answer.status).toBe(201)
  }

  async function recordsOf(name: string): Promise<readonly string[]> {
    const ids: string[] = []
    for (const { partition, first, next } of await engine.log.bounds(name)) {
      if (first === next) continue
      const limits = { messages: 1000, bytes: 1_000_000, waitMs: 0 }
      const { messages } = await engine.log.read({ topic: name, partition, offset: first }, limits)
      ids.push(...messages.map(({ headers, key }) => (headers['ce_id'] ?? key ?? '').toString()))
    }
    return ids
  }

  async function until(met: () => Promise<boolean>): Promise<void> {
    for (const end = Date.now() + 60_000; !(await met());) {
      if (Date.now() > end) throw new Error('it never came about')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const publishedAre = (count: number) => until(async () => (await recordsOf(topic)).length >= count)

  test('however many instances look for it, and publish it, at once', async () => {
    const [host] = await Promise.all([started(), started()])
    await engine.misbehaviour.twoOwners(true)
    await keyExpiring(20, host)
    await until(async () => (await recordsOf('notices')).length >= 2)
    await publishedAre(1)
    const passed = async () => {
      const [bounds] = await engine.log.bounds('notices')
      return (await engine.views.checkpoint('notices/notices/0')) === bounds?.next
    }
    await until(passed)
    expect(new Set(await recordsOf('notices')).size).toBe(1)
    expect(await recordsOf(topic)).toHaveLength(1)
  })

  test('when whoever raised it is gone before anyone could publish it, and when its views are lost', async () => {
    await keyExpiring(20, await started('identity', 'registry', 'governance'))
    await until(async () => (await recordsOf('notices')).length === 1)
    expect(await recordsOf(topic)).toEqual([])
    await stopped()
    await started()
    await publishedAre(1)
    await stopped()
    await engine.misbehaviour.rollBackViews()
    await started()
    await until(async () => (await engine.views.checkpoint('notices/notices/0')) === 1)
    expect(await recordsOf(topic)).toEqual(await recordsOf('notices'))
  })

  test('for each time it comes due, over restarts, and not again', async () => {
    await keyExpiring(35, await started())
    expect(await recordsOf('notices')).toEqual([])
    for (const [days, count] of [
      [6, 1],
      [10, 1],
      [29, 2],
      [34.5, 3],
      [36, 3],
    ] as const) {
      await stopped()
      aheadMs = days * dayMs
      await started()
      await publishedAre(count)
      expect((await recordsOf(topic)).toSorted()).toEqual((await recordsOf('notices')).toSorted())
      expect(await recordsOf(topic)).toHaveLength(count)
    }
  })
})
