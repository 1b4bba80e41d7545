import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Reason } from '@unavez/protocol'
import type { Client } from '@unavez/sdk'

import { problemIn } from '../setup/ask.ts'
import { type Bus, combinations } from '../setup/bus.ts'
import { publishing, pulling, Session } from '../setup/session.ts'
import { birthContract, birthOf, birthWorld } from '../setup/world.ts'

interface Told {
  readonly allowed: boolean
  readonly reasons: readonly Reason[]
}

describe.each(combinations)('Asking before acting ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  let session: Session
  let mides: Client
  beforeAll(async () => {
    bus = await open()
    session = new Session(bus)
    world = await birthWorld(bus)
    await world.institution('mides')
    mides = await world.system('mides', 'main', ['consumer', 'administrator'])
  })
  afterAll(() => bus?.close())

  test('P11: the dry run gives the answer and the reasons of the act itself', async () => {
    const question = { action: 'publish', institution: 'te', contract: birthContract.type }
    const yes = await session.done<Told>({ as: world.te, path: '/v1/decisions', json: question })
    expect(yes).toMatchObject({ allowed: true, reasons: [] })
    const no = await session.done<Told>({
      as: world.css,
      path: '/v1/decisions',
      json: { ...question, institution: 'css' },
    })
    expect(no.reasons.map(({ code }) => code)).toEqual(['contract-owner', 'role-missing'])
    const refused = problemIn(await session.told(publishing(world.css, birthOf('not-mine', '8-1-1'))), 'forbidden')
    const same = await session.done<Told>({ as: world.css, path: `/v1/decisions/${refused.decision}` })
    expect(same.reasons).toEqual(no.reasons)
  })

  test('P11: what is foreign is 404 without a decision; a decision of others is no decision', async () => {
    const foreign = problemIn(await session.told({ ...pulling(world.births, mides) }), 'not-found')
    expect([foreign.decision, foreign.remedy, foreign.whoCanGrant]).toEqual([undefined, undefined, undefined])
    const { decision = '' } = problemIn(
      await session.told(publishing(world.css, birthOf('not-mine', '8-1-1'))),
      'forbidden',
    )
    problemIn(await session.told({ as: mides, path: `/v1/decisions/${decision}` }), 'decision-invalid')
    for (const id of [`${decision.slice(0, -3)}AAA`, 'dec_AAAA', `${decision}A`, 'nonsense'])
      problemIn(await session.told({ as: world.css, path: `/v1/decisions/${id}` }), 'decision-invalid')
  })
})
