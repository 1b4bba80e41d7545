import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { bus as busItself } from '@unavez/policy'
import { type OpenBus } from '@unavez/service-kit/testing'

import { registry } from '../src/index.ts'
import { registerBusContracts } from '../src/bus-contracts.ts'
import { contractIn, institutions } from './birth-contract.ts'
import { openBus } from './open-bus.ts'

const contract = contractIn('civil')
const type = 'unavez.bus.key-expiring.v1'

let bus: OpenBus
beforeAll(async () => {
  bus = await openBus(
    {
      name: 'registry',
      async start(surroundings) {
        await registry.start(surroundings)
        await Promise.all([registerBusContracts(surroundings), registerBusContracts(surroundings)])
      },
    },
    institutions,
  )
})
afterAll(() => bus?.close())

describe('The contracts of the bus’s own events', () => {
  test('are published at the start, once, however many instances start', async () => {
    const { body } = await bus.as('css.main')(`GET /v1/contracts?owner=${busItself.id}`)
    const items = body['items'] as { type: string; state: string; version: number }[]
    expect(items.map((each) => each.type)).toEqual([
      'unavez.bus.agreement-ending.v1',
      'unavez.bus.contract-sunset.v1',
      'unavez.bus.delivery-held.v1',
      'unavez.bus.endpoint-failing.v1',
      'unavez.bus.evidence-requested.v1',
      'unavez.bus.evidence-settled.v1',
      'unavez.bus.evidence-stale.v1',
      'unavez.bus.key-expiring.v1',
      'unavez.bus.subscription-lagging.v1',
      'unavez.bus.subscription-stopped.v1',
    ])
    for (const { state, version } of items) expect({ state, version }).toEqual({ state: 'published', version: 1 })
    const history = (await bus.as('css.main')(`GET /v1/contracts/${type}/history`)).body['items']
    expect(history).toHaveLength(2)
  })

  test('take no schema id from institutions, whose first is 1', async () => {
    const te = bus.as('te.registro')
    await te('POST /v1/contracts', contract)
    expect((await te(`POST /v1/contracts/${contract.type}/publish`)).body).toMatchObject({ schemaId: 1 })
    const { body } = await te(`GET /v1/contracts/${type}`)
    expect(body['schemaId']).toBeGreaterThan(2 ** 30)
    expect((await te(`GET /registry/schemas/ids/${Number(body['schemaId'])}`)).status).toBe(200)
  })

  test.each([
    ['POST', 'versions', { schema: { type: 'record', name: 'KeyExpiring', namespace: 'unavez.bus.v1', fields: [] } }],
    ['POST', 'deprecate', { sunset: '2990-01-01T00:00:00Z' }],
    ['POST', 'retire', {}],
  ])('are changed by nobody: %s …/%s', async (method, what, body) => {
    const answer = await bus.as('operator.admin')(`${method} /v1/contracts/${type}/${what}`, body)
    expect(answer.body).toMatchObject({ status: 403, code: 'forbidden', whoCanGrant: [busItself.id] })
  })

  test.each(['unavez.civil.birth-registered.v1', 'pa.gob.bus.birth-registered.v1'])(
    'keep their names to themselves: %s is refused',
    async (taken) => {
      const domain = taken.split('.').at(-3) ?? ''
      const document = contractIn(domain, { type: taken })
      const { body } = await bus.as('te.registro')('POST /v1/contracts', document)
      expect(body).toMatchObject({ code: 'body-invalid', pointer: '/type' })
    },
  )
})
