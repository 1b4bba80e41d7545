import { afterEach, expect, test } from '@jest/globals'
import { openWebhookVerifier } from '@unavez/protocol'

import { attemptOf, never, openSenderWorld, type SenderWorld, type SenderWorldOptions } from './open-sender.ts'
import { closeReceivers, receiver } from './receivers.ts'

const worlds: SenderWorld[] = []
const openWorld = (options: SenderWorldOptions = {}): SenderWorld => {
  const world = openSenderWorld(options)
  worlds.push(world)
  return world
}
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()))
  await closeReceivers()
})

const urlOf = ({ port }: { port: number }, path = '/hook?tenant=1'): string => `http://127.0.0.1:${port}${path}`

test('an event goes out as one signed request, and the answer may tell its effect', async () => {
  const world = openWorld()
  const at = await receiver((response) => response.end('{"effect":"applied"}'))
  const attempt = attemptOf(world.subscription(urlOf(at)))
  const answer = await world.sender.send(attempt, never)
  expect(answer).toEqual({ kind: 'delivered', status: 200, ms: expect.any(Number), effect: { effect: 'applied' } })
  const [heard] = at.heard
  expect(heard).toMatchObject({ method: 'POST', url: '/hook?tenant=1', body: attempt.body })
  expect(heard?.headers).toMatchObject({
    'content-type': 'application/cloudevents+json',
    'content-length': String(attempt.body.length),
    'accept-encoding': 'identity',
    'webhook-id': 'sub_1_0000001',
    'webhook-timestamp': String(world.now.getTime() / 1000),
    'webhook-request-origin': 'bus.gob.pa',
    traceparent: attempt.traceparent,
  })
  for (const key of [world.signing.publicKey, world.secret]) {
    const verify = openWebhookVerifier([key])
    expect(verify({ headers: heard?.headers ?? {}, body: attempt.body }, world.now)).toMatchObject({ valid: true })
  }
})

test('a repeat has the same webhook id and the time of now', async () => {
  const world = openWorld()
  const at = await receiver()
  const attempt = attemptOf(world.subscription(urlOf(at)))
  await world.sender.send(attempt, never)
  world.now = new Date(world.now.getTime() + 3_600_000)
  await world.sender.send(attempt, never)
  const [first, second] = at.heard.map(({ headers }) => headers)
  expect(second?.['webhook-id']).toBe(first?.['webhook-id'])
  expect(Number(second?.['webhook-timestamp'])).toBe(Number(first?.['webhook-timestamp']) + 3600)
})

test('a key that was replaced signs beside its successor until its time, and not longer', async () => {
  const world = openWorld()
  const at = await receiver()
  const subscription = world.subscription(urlOf(at))
  world.put('push-key/sub_1/s2', 'whsec_bmV3ZXIgc2VjcmV0IG9mIHRoZSByZWNlaXZlcg==')
  const until = new Date(world.now.getTime() + 60_000).toISOString()
  const rotated = {
    ...subscription,
    keys: [
      { use: 'secret', sealed: 's2' },
      { use: 'secret', sealed: 's1', until },
    ],
  } as const
  const believed = async (): Promise<readonly boolean[]> => {
    await world.sender.send(attemptOf(rotated), never)
    const { headers = {}, body = Buffer.alloc(0) } = at.heard.at(-1) ?? {}
    return [world.secret, 'whsec_bmV3ZXIgc2VjcmV0IG9mIHRoZSByZWNlaXZlcg=='].map(
      (key) => openWebhookVerifier([key])({ headers, body }, world.now).valid,
    )
  }
  expect(await believed()).toEqual([true, true])
  world.now = new Date(world.now.getTime() + 60_000)
  expect(await believed()).toEqual([false, true])
})

test('a redirect is an answer, and nothing follows it', async () => {
  const world = openWorld()
  const elsewhere = await receiver()
  for (const status of [301, 302, 303, 307, 308]) {
    const at = await receiver((response) => response.writeHead(status, { location: urlOf(elsewhere) }).end())
    expect(await world.sender.send(attemptOf(world.subscription(urlOf(at), { version: status })), never)).toMatchObject(
      {
        kind: 'refused',
        status,
        blames: 'subject',
      },
    )
  }
  expect(elsewhere.heard).toHaveLength(0)
})

test('new settings count from the next attempt on, and nothing more goes to the old address', async () => {
  const world = openWorld()
  const [older, newer] = [await receiver(), await receiver()]
  const before = world.subscription(urlOf(older), { auth: { kind: 'bearer', token: 'old' } })
  await world.sender.send(attemptOf(before), never)
  const after = world.subscription(urlOf(newer), { auth: { kind: 'bearer', token: 'new' }, version: 2 })
  await world.sender.send(attemptOf(after), never)
  expect(await world.sender.send(attemptOf(before), never)).toMatchObject({ code: 'endpoint-replaced' })
  expect(older.heard.map(({ headers }) => headers.authorization)).toEqual(['Bearer old'])
  expect(newer.heard.map(({ headers }) => headers.authorization)).toEqual(['Bearer new'])
})

test('without its sealed keys nothing is sent; as soon as they are there, it is', async () => {
  const world = openWorld()
  const at = await receiver()
  const subscription = { ...world.subscription(urlOf(at)), keys: [{ use: 'secret', sealed: 's9' }] } as const
  expect(await world.sender.send(attemptOf(subscription), never)).toMatchObject({ code: 'keys-missing' })
  world.put('push-key/sub_1/s9', 'whsec_bmV3ZXIgc2VjcmV0IG9mIHRoZSByZWNlaXZlcg==')
  expect(await world.sender.send(attemptOf(subscription), never)).toMatchObject({ kind: 'delivered' })
  expect(at.heard).toHaveLength(1)
})

test('a receiver gets no more in a minute than it allowed', async () => {
  const world = openWorld()
  const at = await receiver()
  const attempt = attemptOf(world.subscription(urlOf(at), { ratePerMinute: 2 }))
  world.now = new Date('2026-11-22T10:00:15Z')
  const answers = [
    await world.sender.send(attempt, never),
    await world.sender.send(attempt, never),
    await world.sender.send(attempt, never),
  ]
  expect(answers.map(({ kind }) => kind)).toEqual(['delivered', 'delivered', 'refused'])
  expect(answers[2]).toMatchObject({ blames: 'endpoint', retryAfterMs: 45_000, code: 'rate-allowed-reached' })
  world.now = new Date('2026-11-22T10:01:00Z')
  expect(await world.sender.send(attempt, never)).toMatchObject({ kind: 'delivered' })
  expect(at.heard).toHaveLength(3)
})
