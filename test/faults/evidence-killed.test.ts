import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Client, Problem } from '@unavez/sdk'

import { type Bus, newKey, onKafka, openBus } from '../setup/bus.ts'
import { agreed, certificateType, evidenceWorld, supplied, wish } from '../setup/evidence-world.ts'
import { type Member, startedAs, startMember } from './member.ts'

const kafka = process.env['KAFKA_BROKERS'] !== undefined
/** For a machine that is busy with other things. */
const timeoutMs = 300_000
const requests = 60

const deployments = [
  { name: 'embedded', engine: () => ({ ENGINE: 'embedded' }), processes: 1 },
  ...(kafka ? [{ name: 'one of two on kafka', engine: onKafka, processes: 2 }] : []),
]

describe.each(deployments)('Evidence while the bus is killed with -9 ($name)', ({ engine, processes }) => {
  let bus: Bus
  let members: readonly Member[]
  let requesters: readonly Client[]
  let providers: readonly Client[]

  beforeAll(async () => {
    bus = await openBus({ ...engine(), APPEND_BUDGET: '3000', LOG_LEVEL: 'warn' }, async (environment) => {
      members = await Promise.all(Array.from({ length: processes }, () => startMember(environment)))
      return startedAs(members)
    })
    const { session, css, te } = await evidenceWorld(bus)
    const terms = { contract: certificateType, fields: ['child', 'birthDate'] }
    await agreed(session, { consumer: css, owner: te, terms })
    requesters = await atEach('css', 'fault', ['requester'])
    providers = await atEach('te', 'fault', ['provider'])
  }, timeoutMs)
  afterAll(() => bus?.close())

  /** One client per instance, which waits for its own to come back. */
  async function atEach(institution: string, id: string, roles: readonly string[]): Promise<readonly Client[]> {
    const { privateJwk: key, publicJwk } = newKey()
    const json = { id, name: id, roles, jwks: { keys: [publicJwk] } }
    await bus.operator.post(`/v1/institutions/${institution}/systems`, json)
    return bus.processes.map((url) => new Client({ url, clientId: `${institution}.${id}`, key }))
  }

  test(
    'P13: every request that was taken ends, answered once, with what the provider said, wherever the bus was when it died',
    async () => {
      const stopping = new AbortController()
      const providing = providers.map((te) => answering(te, stopping.signal))
      const ended: string[] = []
      const all = Array.from({ length: requests }, async (_, i) => {
        ended.push(await journey(requesters[i % requesters.length], `8-1-${1000 + i}`))
      })
      for (const at of [10, 25, 40]) {
        while (ended.length < at) await pause(20)
        await pause(Math.random() * 200)
        const victim = members[Math.floor(Math.random() * members.length)]
        await victim?.kill()
        await victim?.start()
      }
      await Promise.all(all)
      stopping.abort()
      await Promise.all(providing)
      expect(ended).toEqual(Array.from({ length: requests }, () => 'closed'))
      const css = requesters[0]
      const open = await css?.get<{ items: unknown[] }>('/v1/evidence-requests?state=open')
      expect(open?.items).toEqual([])
      const { items } = (await css?.get<{ items: unknown[] }>('/v1/meter?by=procedure')) ?? { items: [] }
      expect(items).toMatchObject([{ documentsNotAskedFor: requests, requests }])
    },
    timeoutMs,
  )
})

/** Goes on through whatever happens to the bus: `provide` ends with what a dead one said. */
async function answering(te: Client, signal: AbortSignal): Promise<void> {
  const lookup = ({ subject }: { subject: { id: string } }) =>
    ({ ...supplied, outcome: 'supplied', data: { ...supplied.data, child: subject.id } }) as const
  while (!signal.aborted) await te.provide(certificateType, lookup, { signal, wait: 2 }).catch(() => pause(100))
}

/** From asking to the acknowledgement, each step repeated until it is answered; gives the state at the end. */
async function journey(css: Client | undefined, child: string): Promise<string> {
  if (css === undefined) throw new Error('there is no instance')
  const key = randomUUID()
  const body = { ...wish, subject: { scheme: 'pa-cedula', id: child } }
  const { id } = await until(() => css.post<{ id: string }>('/v1/evidence-requests', body, key))
  for (;;) {
    const { evidence } = await until(() =>
      css.get<{ evidence?: { data: { child: string } } }>(`/v1/evidence-requests/${id}?wait=5`),
    )
    if (evidence === undefined) continue
    if (evidence.data.child !== child) throw new Error('the evidence is about somebody else')
    return (
      await until(() => css.post<{ state: string }>(`/v1/evidence-requests/${id}/received`, {}, `${key}-received`))
    ).state
  }
}

async function until<Reply>(ask: () => Promise<Reply>): Promise<Reply> {
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (error instanceof Problem && error.status < 500 && error.status !== 429) throw error
      await pause(100)
    }
  }
}
