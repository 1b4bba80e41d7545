import { expect, test } from '@jest/globals'

import { ask } from '../setup/ask.ts'
import { appending, openSharedBus } from '../setup/engines.ts'
import { openStream } from '../setup/stream.ts'
import { birthWorld } from '../setup/world.ts'

test('P1: a command that is under way when the bus stops is still decided, and its answer leaves', async () => {
  const gate = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  let holds = false
  const { bus } = await openSharedBus(1, (engine) =>
    appending(engine, async (message) => {
      if (holds && message.topic === 'control') {
        held.resolve()
        await gate.promise
      }
      return engine.log.append(message)
    }),
  )
  await bus.operator.token()
  holds = true
  const json = { id: 'te', name: { es: 'te', en: 'te' }, country: 'PA' }
  const answered = ask(bus, { as: bus.operator, path: '/v1/institutions', json })
  await held.promise
  const closed = bus.close()
  gate.resolve()
  expect((await answered).status).toBe(201)
  await closed
})

test('P14: streams that are open when the bus stops are told when to come again, and it stops without waiting for them', async () => {
  const { bus } = await openSharedBus(1)
  const { css, births } = await birthWorld(bus)
  const asked = { path: `/v1/subscriptions/${births}/events?wait=30`, as: css }
  const lines = await openStream(bus, { ...asked, accept: 'application/x-ndjson' })
  const blocks = await openStream(bus, { ...asked, accept: 'text/event-stream' })
  await Promise.all([lines.next(), blocks.next()])
  const closed = bus.close()
  const [line, block] = await Promise.all([lines.until(() => false), blocks.until(() => false)])
  expect(JSON.parse(line.at(-1) ?? '')).toMatchObject({ problem: { code: 'unavailable' }, retryAfter: 1 })
  expect(block.at(-1)).toMatch(/^retry: 1000\nevent: problem\ndata: \{.*"code":"unavailable"/)
  await closed
})
