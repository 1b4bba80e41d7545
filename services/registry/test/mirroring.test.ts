import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Service } from '@unavez/service-kit'
import { type Asking, type OpenBus } from '@unavez/service-kit/testing'

import { registry } from '../src/index.ts'
import { openCopying } from '../src/mirror.ts'
import { openMirroring } from '../src/mirroring.ts'
import { openSchemaTexts, schemaTextOf } from '../src/schema.ts'
import { contractIn, institutions, schemaIn, weight } from './birth-contract.ts'
import { openBus } from './open-bus.ts'
import { openOtherRegistry, type OtherRegistry } from './other-registry.ts'

const waitMs = 20_000

let other: OtherRegistry
let bus: OpenBus
let te: Asking

/** The registry with a mirror whose pauses are short. */
const mirrored = (url: string): Service => ({
  name: 'registry',
  async start(surroundings) {
    await registry.start(surroundings)
    const mirroring = await openMirroring({ surroundings, copy: openCopying(url, openSchemaTexts()), hurry: 20 })
    surroundings.closing.addEventListener('abort', () => void mirroring.close())
  },
})

beforeAll(async () => {
  other = await openOtherRegistry()
  bus = await openBus(mirrored(other.url), institutions)
  te = bus.as('te.registro')
})
afterAll(async () => {
  await bus?.close()
  await other?.close()
})

async function eventually(check: () => boolean | Promise<boolean>): Promise<void> {
  const until = Date.now() + waitMs
  while (!(await check())) {
    if (Date.now() > until) throw new Error('it did not come about')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function published(domain: string): Promise<string> {
  const contract = contractIn(domain)
  await te('POST /v1/contracts', contract)
  expect((await te(`POST /v1/contracts/${contract.type}/publish`)).status).toBe(200)
  return contract.type
}

const subjectIn = (domain: string) => `pa.gob.${domain}.v1.BirthRegistered`
const there = (domain: string) => other.subjects.get(subjectIn(domain)) ?? []

describe('A registry beside the bus', () => {
  test('gets every published version, in order, as the bus serves it, and its ids are noted', async () => {
    const type = await published('civil')
    await te(`POST /v1/contracts/${type}/versions`, { schema: schemaIn('civil', weight) })
    expect(there('civil').length).toBeLessThan(2)
    await te(`POST /v1/contracts/${type}/publish`)
    await eventually(() => there('civil').length === 2)
    expect(there('civil')).toEqual(
      [schemaIn('civil'), schemaIn('civil', weight)].map((each) => schemaTextOf(type, each)),
    )
    const noted = async () => (await te(`GET /v1/contracts/${type}/versions/2`)).body['mirrorId']
    await eventually(async () => (await noted()) !== undefined)
    expect(await noted()).toBe(other.ids.get(there('civil')[1] ?? ''))
    expect([...other.authorizations]).toEqual([`Basic ${Buffer.from('unavez:s@fe').toString('base64')}`])
  })

  test.each(['fail', 'hang'] as const)('stops nothing while it is out (%s), and catches up', async (how) => {
    other.behave(how)
    const type = await published(how)
    expect((await te(`GET /registry/subjects/${subjectIn(how)}/versions`)).body).toEqual([1])
    expect((await te(`GET /v1/contracts/${type}/versions/1`)).body['mirrorId']).toBeUndefined()
    other.behave('well')
    await eventually(() => there(how).length === 1)
  })

  test('that is not there at all is caught up with once it is', async () => {
    const { port } = new URL(other.url)
    await other.close()
    await published('absent')
    other = await openOtherRegistry(Number(port))
    await eventually(() => there('absent').length === 1)
    expect(there('civil')).toEqual([])
  })

  test('that refuses one version gets the others', async () => {
    other.behave('refuse')
    await published('refused')
    await published('welcome')
    await eventually(() => there('welcome').length === 1)
    expect(there('refused')).toEqual([])
    other.behave('well')
  })
})
