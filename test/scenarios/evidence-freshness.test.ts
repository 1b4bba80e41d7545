import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { type Bus, combinations } from '../setup/bus.ts'
import {
  agreed,
  answering,
  asking,
  certificateType,
  child,
  evidenceWorld,
  type EvidenceWorld,
  idOf,
  procedure,
  reading,
  supplied,
} from '../setup/evidence-world.ts'
import { birthContract, birthOf } from '../setup/world.ts'

describe.each(combinations)('Evidence that was received goes on being known ($name)', ({ open }) => {
  let bus: Bus
  let world: EvidenceWorld
  let received = ''
  let notices = ''

  beforeAll(async () => {
    bus = await open()
    world = await evidenceWorld(bus)
    const { agree, css, te, session } = world
    await world.contract(te, birthContract)
    await agree(css, te, { contract: certificateType, fields: ['child', 'birthDate'] })
    const terms = { contract: 'unavez.bus.evidence-stale.v1', fields: ['institution', 'request', 'event'] }
    const json = {
      consumer: 'css',
      purpose: { es: 'Saber', en: 'To know' },
      legalBasis: { kind: 'law', norm: 'Ley 83' },
      validUntil: '2030-01-01T00:00:00Z',
      ...terms,
    }
    const { id } = await session.done<{ id: string }>({ as: css, path: '/v1/agreements', json })
    notices = await world.subscription(css, id)
    received = idOf(await session.told(asking(css)))
    await session.done(answering(te, received, supplied))
    await session.told(reading(css, received))
    await session.done({ as: css, path: `/v1/evidence-requests/${received}/received`, method: 'POST' })
  })
  afterAll(() => bus?.close())

  const reuse = (requirement = 'birth-proof') =>
    world.session.told({
      as: world.css,
      path: `/v1/evidence-requests/${received}/reused`,
      json: { procedure, requirement },
    })

  test('what still holds serves once more, and is counted as a paper not asked for', async () => {
    const { session, css } = world
    expect(await reuse()).toMatchObject({ status: 200, json: { state: 'closed' } })
    expect((await reuse('nothing')).json).toMatchObject({ code: 'evidence-type-not-accepted' })
    const meter = await session.told({ as: css, path: '/v1/meter?by=procedure', method: 'GET' })
    expect(meter.json).toMatchObject({ items: [{ procedure, documentsNotAskedFor: 2, reused: 1, violations: [] }] })
  })

  test('an event about its subject makes it stale: its holder is told once, sees it, and uses it no more', async () => {
    const { session, css, te } = world
    await te.publish(birthOf('somebody-else', '8-1-1'))
    await te.publish(birthOf('the-same-child', child))
    const { events } = await css.pull(notices, { wait: 20 })
    expect(events).toMatchObject([
      {
        type: 'unavez.bus.evidence-stale.v1',
        causedby: 'the-same-child',
        data: { institution: 'css', request: received },
      },
    ])
    const told = await session.told(reading(css, received))
    expect(told.json).toMatchObject({ state: 'closed', stale: { event: 'the-same-child', type: birthContract.type } })
    expect((await reuse()).json).toMatchObject({ code: 'evidence-too-old' })
  })

  test('a requirement that evidence on the bus could meet, and nobody agreed on, is shown as one', async () => {
    const { session, caja } = world
    const json = {
      id: 'caja.loan',
      institution: 'caja',
      name: { es: 'Préstamo', en: 'Loan' },
      norm: 'Ley 1',
      requirements: [
        {
          id: 'birth',
          name: { es: 'Nacimiento', en: 'Birth' },
          accepts: [[certificateType]],
          grounds: ['explicit-request'],
        },
      ],
    }
    await session.done({ as: caja, path: '/v1/procedures', json })
    const violations = async (): Promise<unknown> =>
      (await session.told({ as: caja, path: '/v1/meter?by=procedure', method: 'GET' })).json
    expect(await violations()).toMatchObject({
      items: [{ procedure: 'caja.loan', violations: [{ requirement: 'birth', types: [certificateType] }] }],
    })
    await agreed(session, { consumer: caja, owner: world.te, terms: { contract: certificateType, fields: ['child'] } })
    expect(await violations()).toMatchObject({ items: [{ violations: [] }] })
  })
})
