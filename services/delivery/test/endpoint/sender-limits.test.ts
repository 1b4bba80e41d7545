import type { ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

import { afterEach, beforeEach, expect, test } from '@jest/globals'

import { endpointLimits } from '../../src/endpoint/limits.ts'
import { attemptOf, never, openSenderWorld, type SenderWorld } from './open-sender.ts'
import { closeReceivers, rawReceiver, type Receiver, receiver } from './receivers.ts'

let world: SenderWorld
beforeEach(() => {
  world = openSenderWorld()
})
afterEach(async () => {
  await world.close()
  await closeReceivers()
})

const attemptTo = ({ port }: { port: number }, id = 'sub_1') => {
  world.put(`push-key/${id}/s1`, world.secret)
  const keys = [{ use: 'secret', sealed: 's1' }] as const
  return attemptOf({ ...world.subscription(`http://127.0.0.1:${port}/`), id, keys })
}
const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await condition())) await sleep(5)
}
const openAt = ({ server }: Receiver): Promise<number> =>
  new Promise((resolve, reject) => server.getConnections((error, count) => (error ? reject(error) : resolve(count))))

/** A receiver that answers when told. */
async function holding() {
  const held: ServerResponse[] = []
  let most = 0
  const at = await receiver((response) => {
    held.push(response)
    most = Math.max(most, held.length)
  })
  const answerAll = (): void => {
    for (const response of held.splice(0)) response.writeHead(204).end()
  }
  return { at, held, answerAll, most: () => most }
}

test('P14: one endpoint has so many requests under way and no more; the others are not held up', async () => {
  const { at, held, answerAll, most } = await holding()
  const quick = await receiver()
  const count = endpointLimits.underWay + 8
  const answers = Array.from({ length: count }, () => world.sender.send(attemptTo(at), never))
  await until(() => held.length === endpointLimits.underWay)
  expect(await world.sender.send(attemptTo(quick, 'sub_2'), never)).toMatchObject({ kind: 'delivered' })
  expect(at.connections()).toBe(endpointLimits.underWay)
  while (at.heard.length < count || held.length > 0) {
    answerAll()
    await sleep(5)
  }
  expect((await Promise.all(answers)).every(({ kind }) => kind === 'delivered')).toBe(true)
  expect(most()).toBe(endpointLimits.underWay)
})

test('connections are used again, and few are kept open', async () => {
  const { at, held, answerAll } = await holding()
  const burst = Array.from({ length: 20 }, () => world.sender.send(attemptTo(at), never))
  await until(() => held.length === 20)
  answerAll()
  await Promise.all(burst)
  await until(async () => (await openAt(at)) <= endpointLimits.idle)
  for (let n = 0; n < 5; n += 1) {
    const next = world.sender.send(attemptTo(at), never)
    await until(() => held.length === 1)
    answerAll()
    await next
  }
  expect(at.connections()).toBe(20)
})

test('a connection that was closed while it was idle is replaced, and the event goes out once more', async () => {
  let connections = 0
  const at = await rawReceiver((socket) => {
    connections += 1
    const nth = connections
    socket.write('HTTP/1.1 204 No Content\r\n\r\n')
    socket.on('data', () => (nth === 1 ? socket.resetAndDestroy() : undefined))
  })
  expect(await world.sender.send(attemptTo(at), never)).toMatchObject({ kind: 'delivered' })
  expect(await world.sender.send(attemptTo(at), never)).toMatchObject({ kind: 'delivered' })
  expect(connections).toBe(2)
})

test('a new connection that is reset is not tried again by itself', async () => {
  const at = await rawReceiver((socket) => socket.resetAndDestroy())
  expect(await world.sender.send(attemptTo(at), never)).toMatchObject({ code: 'connection-reset' })
  expect(at.connections()).toBe(1)
})

test('P6: an attempt that is called off ends at once, under way or waiting for its turn', async () => {
  const { at, held } = await holding()
  const calling = new AbortController()
  const attempts = Array.from({ length: endpointLimits.underWay + 4 }, () =>
    world.sender.send(attemptTo(at), calling.signal),
  )
  await until(() => held.length === endpointLimits.underWay)
  const reason = new Error('suspended')
  calling.abort(reason)
  const outcomes = await Promise.allSettled(attempts)
  expect(outcomes.every((outcome) => outcome.status === 'rejected' && outcome.reason === reason)).toBe(true)
  await until(async () => (await openAt(at)) === 0)
  expect(at.heard).toHaveLength(endpointLimits.underWay)
  await expect(world.sender.send(attemptTo(at), calling.signal)).rejects.toBe(reason)
  expect(at.connections()).toBe(endpointLimits.underWay)
})

test('an endpoint that was replaced keeps no connection once what was under way has ended', async () => {
  const { at, held, answerAll } = await holding()
  const before = world.sender.send(attemptTo(at), never)
  await until(() => held.length === 1)
  const newer = await receiver()
  const moved = world.subscription(`http://127.0.0.1:${newer.port}/`, { version: 2 })
  expect(await world.sender.send(attemptOf(moved), never)).toMatchObject({ kind: 'delivered' })
  answerAll()
  expect(await before).toMatchObject({ kind: 'delivered' })
  await until(async () => (await openAt(at)) === 0)
  expect(await openAt(newer)).toBe(1)
})

test('closing ends what is under way and every connection, and nothing goes out afterwards', async () => {
  const { at, held } = await holding()
  const idle = await receiver()
  await world.sender.send(attemptTo(idle, 'sub_2'), never)
  const attempts = Array.from({ length: endpointLimits.underWay + 1 }, () => world.sender.send(attemptTo(at), never))
  await until(() => held.length === endpointLimits.underWay)
  await world.sender.close()
  const answers = await Promise.all(attempts)
  expect(answers.every(({ kind }) => kind === 'unreachable')).toBe(true)
  await until(async () => (await openAt(at)) + (await openAt(idle)) === 0)
  expect(await world.sender.send(attemptTo(at), never)).toMatchObject({ code: 'closing' })
  expect(at.connections()).toBe(endpointLimits.underWay)
})
