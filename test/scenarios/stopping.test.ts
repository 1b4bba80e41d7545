import { expect, test } from '@jest/globals'

import { ask } from '../setup/ask.ts'
import { appending, openSharedBus } from '../setup/engines.ts'

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
