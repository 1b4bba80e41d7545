import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { EvidenceAnswer, EvidenceRequested } from '@unavez/sdk'

import { type Bus, combinations } from '../setup/bus.ts'
import {
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

/** Answers as a register would: by the subject, and not always at once. */
function lookup({ subject, information }: EvidenceRequested): EvidenceAnswer {
  if (subject.id === child) return supplied as EvidenceAnswer
  if (subject.id === '8-1-404') return { outcome: 'not-found' }
  if (subject.id === '8-1-403') return { outcome: 'refused', reason: 'Sealed by a court' }
  if (subject.id === '8-1-2' && information === undefined) return { outcome: 'more-information-needed' }
  return { outcome: 'available-later', at: '2030-01-01T00:00:00Z' }
}

describe.each(combinations)('A provider answers by a look-up ($name)', ({ open }) => {
  let bus: Bus
  let world: EvidenceWorld
  const stopping = new AbortController()
  let providing: Promise<void>

  beforeAll(async () => {
    bus = await open()
    world = await evidenceWorld(bus)
    const { agree, css, te } = world
    await agree(css, te, { contract: certificateType, procedure, fields: ['child', 'birthDate'] })
    providing = te.provide(certificateType, lookup, { signal: stopping.signal, wait: 5 })
  })
  afterAll(async () => {
    stopping.abort()
    await providing
    await bus?.close()
  })

  const asked = async (id: string): Promise<string> =>
    idOf(await world.session.told(asking(world.css, { subject: { scheme: 'pa-cedula', id } })))
  const becomes = async (id: string, state: string): Promise<unknown> => {
    for (;;) {
      const { json } = await world.session.told(reading(world.css, id, '?wait=5'))
      if ((json as { state: string }).state === state) return json
    }
  }

  test('each request gets the answer that the look-up gives, whatever it is', async () => {
    const [found, unknown, sealed, later] = await Promise.all([child, '8-1-404', '8-1-403', '8-1-202'].map(asked))
    expect(await becomes(found ?? '', 'supplied')).toMatchObject({ evidence: { data: { child } } })
    await becomes(unknown ?? '', 'not-found')
    expect(await becomes(sealed ?? '', 'refused')).toMatchObject({ reason: 'Sealed by a court' })
    expect(await becomes(later ?? '', 'waiting')).toMatchObject({ availableAt: '2030-01-01T00:00:00Z' })
  })

  test('what a provider lacks to tell whom it is about, the requester adds, and no store shows it', async () => {
    const id = await asked('8-1-2')
    expect(await becomes(id, 'waiting')).toMatchObject({ need: 'more-information' })
    const path = `/v1/evidence-requests/${id}/information`
    const given = await world.session.told({ as: world.css, path, json: { information: 'Born in David in 1950' } })
    expect(given).toMatchObject({ status: 200, json: { state: 'forwarded' } })
    expect(await becomes(id, 'waiting')).toMatchObject({ availableAt: '2030-01-01T00:00:00Z' })
  })
})
