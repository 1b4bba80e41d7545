import { randomBytes, randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { services } from '@unavez/host'
import { Client } from '@unavez/sdk'

import { ask } from '../setup/ask.ts'
import { type Bus, newKey } from '../setup/bus.ts'
import { untilReady } from '../setup/ready.ts'
import { endGroup, Programs, type Running } from '../setup/program.ts'
import { publishing, pulling } from '../setup/session.ts'
import { birthOf, birthWorld, openWorld } from '../setup/world.ts'

let programs: Programs
let directory: string
let data: string
let taken: Server

beforeEach(() => {
  programs = new Programs()
  directory = mkdtempSync(join(tmpdir(), 'unavez-start-'))
  data = join(directory, 'data')
  taken = createServer()
})
afterEach(async () => {
  await programs.close()
  if (taken.listening) await new Promise((resolve) => taken.close(resolve))
  rmSync(directory, { recursive: true, force: true })
})

const listens = /Unavez listens on (http:\S+)/
const url = async (running: Running): Promise<string> => (await running.until(listens))[1] ?? ''

async function busyPort(): Promise<string> {
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
  const address = taken.address()
  return String(typeof address === 'object' ? address?.port : '')
}

/** A host on the embedded engine with an operator of our own and no sandbox. */
async function openHost(): Promise<{ bus: Bus; running: Running; environment: Record<string, string> }> {
  const { privateJwk, publicJwk } = newKey('operator')
  const environment = {
    PORT: '0',
    PUBLIC_URL: 'http://unavez.test',
    DATA_DIR: data,
    SANDBOX: 'off',
    OPERATOR_JWKS: JSON.stringify({ keys: [publicJwk] }),
  }
  const running = programs.host(environment)
  const at = await url(running)
  await untilReady(at)
  const operator = new Client({ url: at, clientId: 'operator.admin', key: privateJwk })
  const bus = {
    url: at,
    issuer: '',
    operator,
    processes: [at],
    environment,
    output: running.err,
    close: () => programs.close(),
  }
  return { bus, running, environment }
}

describe('What keeps the bus from starting is told in one message, with exit code 1', () => {
  const expectRefusal = async (running: Running, ...said: readonly (string | RegExp)[]): Promise<void> => {
    expect([await running.ended, running.err()]).toEqual([1, running.err()])
    const text = running.err()
    for (const part of said) expect(text).toMatch(part)
    expect(text).not.toMatch(/^\s+at /m)
    expect(text).not.toMatch(/Error:|Warning:|node:/)
    expect(running.out()).toBe('')
  }

  test('an engine that does not exist: the message lists those that do', async () => {
    await expectRefusal(programs.host({ ENGINE: 'mysql', DATA_DIR: data }), /ENGINE/, /embedded/, /kafka/)
  })

  test('a service that does not exist: the message lists those that do', async () => {
    const running = programs.host({ DATA_DIR: data }, 'gatewya')
    await expectRefusal(running, /gatewya/, ...services.map(({ name }) => name))
  })

  test('several wrong variables are all named in one message', async () => {
    const environment = {
      PORT: '99999',
      SANDBOX: 'maybe',
      POLICY_LEASE: 'soon',
      PUBLIC_URL: 'bus.gob.pa',
      DATA_DIR: data,
    }
    await expectRefusal(programs.host(environment), /PORT/, /SANDBOX/, /POLICY_LEASE/, /PUBLIC_URL/)
  })

  test('Kafka without its addresses', async () => {
    await expectRefusal(programs.host({ ENGINE: 'kafka', DATA_DIR: data }), /KAFKA_BROKERS/, /REDIS_URL/)
  })

  test('a master key of the wrong length, given or kept', async () => {
    const short = randomBytes(16).toString('base64')
    await expectRefusal(programs.host({ MASTER_KEY: short, DATA_DIR: data }), /MASTER_KEY/)
    const kept = join(directory, 'master.key')
    writeFileSync(kept, short)
    await expectRefusal(programs.host({ DATA_DIR: directory }), /master\.key/, /32 bytes/)
  })

  test('keys of the operator that are none, or private', async () => {
    await expectRefusal(programs.host({ OPERATOR_JWKS: '{"keys":[]}', DATA_DIR: data }), /OPERATOR_JWKS/)
    await expectRefusal(programs.host({ OPERATOR_JWKS: join(directory, 'nothing'), DATA_DIR: data }), /OPERATOR_JWKS/)
    const { privateJwk } = newKey()
    const running = programs.host({ OPERATOR_JWKS: JSON.stringify({ keys: [privateJwk] }), DATA_DIR: data })
    await expectRefusal(running, /OPERATOR_JWKS/, /private/)
    expect(running.err()).not.toContain(privateJwk.d)
  })

  test('a data directory that can not be one', async () => {
    const file = join(directory, 'file')
    writeFileSync(file, '')
    await expectRefusal(programs.host({ DATA_DIR: file }), /DATA_DIR/)
    await expectRefusal(programs.host({ DATA_DIR: join(file, 'below') }), /DATA_DIR/)
  })

  test('a broker that nobody answers at', async () => {
    const port = await busyPort()
    await new Promise((resolve) => taken.close(resolve))
    const environment = { ENGINE: 'kafka', KAFKA_BROKERS: `127.0.0.1:${port}`, REDIS_URL: `redis://127.0.0.1:${port}` }
    await expectRefusal(programs.host({ ...environment, DATA_DIR: data }), /127\.0\.0\.1/)
  })

  test('a port that another program listens on', async () => {
    const port = await busyPort()
    await expectRefusal(programs.host({ PORT: port, SANDBOX: 'off', DATA_DIR: data }), /PORT/, new RegExp(port))
  })

  test('a second process on the same data', async () => {
    const { running, environment } = await openHost()
    await expectRefusal(programs.host(environment), /process/)
    expect(running.child.exitCode).toBeNull()
    expect((await fetch(`${await url(running)}/health/ready`)).status).toBe(200)
  })
})

describe('Starting and stopping', () => {
  test('P1: SIGTERM answers what is under way, folds everything in and ends with 0; the next start has it all', async () => {
    const { bus, running, environment } = await openHost()
    const world = await birthWorld(bus)
    const subscription = await world.subscription(world.css, world.agreement, 'now')
    const poll = ask(bus, {
      ...pulling(subscription, world.css),
      path: `/v1/subscriptions/${subscription}/events?wait=30`,
    })
    const births = Array.from({ length: 50 }, (_, i) => birthOf(`under-way-${i}`, `8-1-${i + 1}`))
    // One answer first: by then the others are on their way, and the poll is waiting or answered.
    const answers = births.map((birth) => ask(bus, publishing(world.te, birth)).catch(() => undefined))
    await Promise.race(answers)
    running.child.kill('SIGTERM')
    const [polled, ...published] = await Promise.all([poll, ...answers])
    expect([200, 503]).toContain(polled.status)
    expect(await running.ended).toBe(0)
    expect(running.err()).toBe('')
    expect(readdirSync(data).filter((name) => /-(wal|shm)$/.test(name))).toEqual([])
    expect(existsSync(join(data, 'unavez.db'))).toBe(true)

    const again = programs.host({ ...environment, PORT: new URL(bus.url).port })
    await untilReady(await url(again))
    const { events } = await world.css.pull(world.births, { limit: 1000 })
    const accepted = published.flatMap((answered) =>
      answered?.status === 201 ? [(answered.json as { id: string }).id] : [],
    )
    expect(accepted.length).toBeGreaterThan(0)
    expect(events.map(({ id }) => id)).toEqual(expect.arrayContaining(accepted))
  })

  test('npm start plays the journey; a second start on the same data plays it with other citizens, and stays up', async () => {
    const cedulas: string[] = []
    for (let start = 0; start < 2; start++) {
      const running = programs.run('npm', ['start'], { PORT: '0', DATA_DIR: data })
      await running.until(/The bus keeps running/)
      const child = /"child": "([^"]+)"/.exec(running.out())?.[1] ?? ''
      expect(child).not.toBe('')
      cedulas.push(child)
      const at = await url(running)
      expect((await fetch(`${at}/health/ready`)).status).toBe(200)
      expect(running.child.exitCode).toBeNull()
      expect(running.out()).toContain(`${at}/docs`)
      // npm itself may have something to say about the machine's settings.
      expect(running.err().replaceAll(/^npm .*\n/gm, '')).toBe('')
      endGroup(running)
      await running.ended
    }
    expect(new Set(cedulas).size).toBe(2)
    // The first start may have to install what is missing.
  }, 300_000)

  test('the sandbox is silent once a real institution has joined, and when it is off', async () => {
    const { bus, running, environment } = await openHost()
    await openWorld(bus).institution(`i${randomUUID().slice(0, 8)}`)
    expect(running.out()).not.toContain('A birth')
    running.child.kill('SIGTERM')
    await running.ended
    const { OPERATOR_JWKS: _, SANDBOX: __, ...plain } = environment
    const again = programs.host(plain)
    await again.until(/Real institutions have joined/)
    expect(again.out()).not.toContain('A birth')
    expect(again.child.exitCode).toBeNull()
  })
})
