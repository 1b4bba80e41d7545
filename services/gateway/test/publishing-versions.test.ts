import { afterAll, beforeAll, expect, test } from '@jest/globals'

import { gateway } from '../src/index.ts'
import { birth, birthFacts, birthType, narrowerFacts } from './birth.ts'
import { type OpenBus } from '@unavez/service-kit/testing'

import { openBus } from './open-bus.ts'
import { batch, postEvents } from './post-events.ts'

let bus: OpenBus
beforeAll(async () => {
  bus = await openBus(gateway, birthFacts)
})
afterAll(() => bus.close())

const withPlace = (id: string, more: object = {}) => birth(id, more, { place: 'Santiago' })

test('P2: a repeat is held against the version that its event was accepted in, whatever was published since', async () => {
  const first = await postEvents(bus, withPlace('one'))
  const bare = await postEvents(bus, birth('bare'))
  expect([first.status, bare.status]).toEqual([201, 201])
  for (const fact of narrowerFacts)
    await bus.control.submit({
      command: `narrower/${fact.type}`,
      hash: '',
      by: { institution: 'te', system: 'registro' },
      decide: () => ({ facts: [fact], reads: [] }),
    })

  expect((await postEvents(bus, withPlace('two'))).body).toMatchObject({ code: 'data-invalid', pointer: '/data/place' })
  expect((await postEvents(bus, withPlace('one'))).body).toEqual({ ...first.body, alreadyAccepted: true })
  expect((await postEvents(bus, birth('bare'))).body).toEqual({ ...bare.body, alreadyAccepted: true })
  const { text } = await postEvents(bus, [withPlace('one'), withPlace('two'), birth('new')], { type: batch })
  const results = JSON.parse(text) as Record<string, unknown>[]
  expect(results.map(({ status, code }) => [status, code])).toEqual([
    [200, undefined],
    [422, 'data-invalid'],
    [201, undefined],
  ])
  expect((await postEvents(bus, birth('one', {}, { place: 'Colón' }))).body).toMatchObject({ code: 'event-id-reused' })
})

test('an event may name the version of its contract that it is written in', async () => {
  const dataschema = `http://unavez.test/v1/contracts/${birthType}/versions/1`
  expect((await postEvents(bus, withPlace('named', { dataschema }))).status).toBe(201)
})
