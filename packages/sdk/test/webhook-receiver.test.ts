import { expect, test } from '@jest/globals'
import { makeWebhookKeyPair, makeWebhookSecret, openWebhookSigner } from '@unavez/protocol'
import fc from 'fast-check'

import {
  type DeliveredEvent,
  type Effect,
  type Seen,
  SeenInMemory,
  verifyWebhook,
  WebhookReceiver,
  type WebhookReceiverOptions,
  type WebhookRequest,
} from '../src/index.ts'

const pair = makeWebhookKeyPair()
const now = new Date('2026-11-22T10:00:00Z')
const sign = openWebhookSigner([pair.privateKey])

/** Position `n` of the first partition. */
const position = (n: number): string => `00${n.toString(32).padStart(11, '0')}`
const eventOf = (n: number, more: object = {}) => ({
  specversion: '1.0',
  id: `e${n}`,
  type: 'pa.gob.civil.birth-registered.v1',
  subject: 'p1',
  position: position(n),
  data: { n },
  ...more,
})
function requestOf(
  event: { readonly id: string; readonly position?: string },
  more: { at?: Date; id?: string } = {},
): WebhookRequest {
  const body = Buffer.from(JSON.stringify(event))
  const signed = sign({ id: more.id ?? `sub_1_${event.position}`, at: more.at ?? now, body })
  return { method: 'POST', headers: { ...signed, 'content-type': 'application/cloudevents+json' }, body }
}

const receiverWith = (options: Partial<WebhookReceiverOptions<unknown>> = {}) => {
  const handled: DeliveredEvent[] = []
  const receiver = new WebhookReceiver({
    keys: [pair.publicKey],
    bus: 'https://bus.gob.pa',
    handle: (event) => void handled.push(event),
    now: () => now,
    ...options,
  })
  return { receiver, handled, ids: () => handled.map(({ id }) => id) }
}

test('an event that is signed is handled, and what became of it is told', async () => {
  const effect: Effect = { effect: 'rejected', detail: 'no such file' }
  const { receiver } = receiverWith({ handle: () => Promise.resolve(effect) })
  const answer = await receiver.answer(requestOf(eventOf(1)))
  expect(answer).toMatchObject({ status: 200, body: JSON.stringify(effect) })
  expect(await receiverWith().receiver.answer(requestOf(eventOf(1)))).toMatchObject({ status: 204, body: '' })
})

test('what is not signed, too old, too new or changed is not handled', async () => {
  const { receiver, handled } = receiverWith()
  const good = requestOf(eventOf(1))
  const minutes = (count: number): Date => new Date(now.getTime() + count * 60_000)
  const bad: readonly (readonly [WebhookRequest, string])[] = [
    [{ ...good, headers: {} }, 'headers-missing'],
    [{ ...good, body: Buffer.from(good.body.toString().replace('e1', 'e2')) }, 'signature-invalid'],
    [requestOf(eventOf(1), { at: minutes(-6) }), 'timestamp-too-old'],
    [requestOf(eventOf(1), { at: minutes(6) }), 'timestamp-too-new'],
  ]
  for (const [request, code] of bad)
    expect(await receiver.answer(request)).toMatchObject({ status: 401, body: JSON.stringify({ code }) })
  expect(handled).toEqual([])
})

test('while keys rotate, events signed with either are handled', async () => {
  const secret = makeWebhookSecret()
  const { receiver, ids } = receiverWith({ keys: [makeWebhookKeyPair().publicKey, pair.publicKey, secret] })
  const body = Buffer.from(JSON.stringify(eventOf(2)))
  const headers = { ...openWebhookSigner([secret])({ id: `sub_1_${position(2)}`, at: now, body }) }
  await receiver.answer(requestOf(eventOf(1)))
  await receiver.answer({ method: 'POST', headers, body })
  expect(ids()).toEqual(['e1', 'e2'])
})

test('a repeat is answered as delivered, and handled once; another subject, subscription or partition is no repeat', async () => {
  const { receiver, ids } = receiverWith()
  for (const n of [1, 2, 1, 2, 3, 2]) expect((await receiver.answer(requestOf(eventOf(n)))).status).toBe(204)
  expect(ids()).toEqual(['e1', 'e2', 'e3'])
  await receiver.answer(requestOf(eventOf(1, { id: 'other', subject: 'p2' })))
  await receiver.answer(requestOf(eventOf(1, { id: 'replay' }), { id: `sub_2_${position(1)}` }))
  await receiver.answer(requestOf(eventOf(1, { id: 'elsewhere', position: `01${position(1).slice(2)}` })))
  expect(ids()).toEqual(['e1', 'e2', 'e3', 'other', 'replay', 'elsewhere'])
})

test('what has no place in an order, such as a test, is handled each time', async () => {
  const { receiver, ids } = receiverWith()
  const { position: _, ...unplaced } = eventOf(1)
  for (const id of ['sub_1_t1', 'sub_1_t1']) await receiver.answer(requestOf(unplaced, { id }))
  expect(ids()).toEqual(['e1', 'e1'])
})

test('a repeat that comes while the first is being handled waits for it and gets the same answer', async () => {
  let release: (effect: Effect) => void = () => undefined
  let handled = 0
  const { receiver } = receiverWith({
    handle: () => {
      handled += 1
      return new Promise((resolve) => {
        release = resolve
      })
    },
  })
  const answers = [receiver.answer(requestOf(eventOf(1))), receiver.answer(requestOf(eventOf(1)))]
  while (handled === 0) await new Promise((resolve) => setImmediate(resolve))
  release({ effect: 'applied' })
  const [first, second] = await Promise.all(answers)
  expect(second).toEqual(first)
  expect(first).toMatchObject({ status: 200, body: '{"effect":"applied"}' })
  expect(handled).toBe(1)
})

test('P4: what the handler throws is no success: the event comes again, and nothing of it is told', async () => {
  let fails = true
  const { receiver } = receiverWith({
    handle: () => {
      if (fails) throw new Error('8-1234-567 is not known')
    },
  })
  const refused = await receiver.answer(requestOf(eventOf(1)))
  expect(refused.status).toBe(500)
  expect(refused.body).not.toContain('8-1234-567')
  fails = false
  expect((await receiver.answer(requestOf(eventOf(1)))).status).toBe(204)
})

test('a store that fails is no success either, before the event and after it', async () => {
  const failing = (part: keyof Seen): Seen => ({
    newest: () => (part === 'newest' ? Promise.reject(new Error('down')) : undefined),
    handled: () => (part === 'handled' ? Promise.reject(new Error('down')) : undefined),
  })
  for (const part of ['newest', 'handled'] as const) {
    const { receiver } = receiverWith({ seen: failing(part) })
    expect((await receiver.answer(requestOf(eventOf(1)))).status).toBe(500)
  }
})

test('P14: so many events are handled at once; the rest is asked to come again', async () => {
  const { receiver } = receiverWith({ handle: () => new Promise(() => undefined) })
  for (let n = 1; n <= 500; n += 1) void receiver.answer(requestOf(eventOf(n, { subject: `p${n}` })))
  const answer = await receiver.answer(requestOf(eventOf(501)))
  expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' } })
})

test('consent is given to the bus that was named, and to no other', async () => {
  const ask = (origin: string, ratePerMinute?: number) => {
    const options = ratePerMinute === undefined ? {} : { ratePerMinute }
    const headers = { 'webhook-request-origin': origin, 'webhook-request-rate': '60000' }
    return receiverWith(options).receiver.answer({ method: 'OPTIONS', headers, body: Buffer.alloc(0) })
  }
  const allowed = { 'webhook-allowed-origin': 'bus.gob.pa', 'webhook-allowed-rate': '*' }
  expect(await ask('bus.gob.pa')).toMatchObject({ status: 200, headers: allowed })
  expect(await ask('bus.gob.pa', 120)).toMatchObject({ headers: { 'webhook-allowed-rate': '120' } })
  const refused = await ask('bus.example.com')
  expect(refused.status).toBe(403)
  expect(refused.headers).not.toHaveProperty('webhook-allowed-origin')
})

test('other methods and bodies that are no event are refused', async () => {
  const { receiver, handled } = receiverWith()
  expect(await receiver.answer({ ...requestOf(eventOf(1)), method: 'GET' })).toMatchObject({ status: 405 })
  for (const text of ['', '[]', 'null', '"x"', '{"type":"x"}', '{']) {
    const body = Buffer.from(text)
    const headers = { ...sign({ id: 'sub_1_x', at: now, body }) }
    expect((await receiver.answer({ method: 'POST', headers, body })).status).toBe(415)
  }
  expect(handled).toEqual([])
})

test('the memory of subjects is bounded, the oldest is forgotten first', () => {
  const seen = new SeenInMemory(2)
  for (const key of ['a', 'b', 'a', 'c']) seen.handled(key, position(1))
  expect(['a', 'b', 'c'].map((key) => seen.newest(key))).toEqual([position(1), undefined, position(1)])
})

test('P3: however a subject’s events are repeated, each is handled once, in order', async () => {
  const deliveries = fc.array(fc.nat(9), { minLength: 1, maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(deliveries, async (repeats) => {
      const { receiver, ids } = receiverWith()
      let newest = 0
      for (const repeat of repeats) {
        // A first arrival comes after all before it; a repeat may be of any of them.
        const n = Math.min(repeat, newest + 1)
        newest = Math.max(newest, n)
        await receiver.answer(requestOf(eventOf(n)))
      }
      const expected = [...new Set(ids())]
      expect(ids()).toEqual(expected)
      expect(ids()).toEqual(expected.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1))))
    }),
    { numRuns: 30 },
  )
})

test('a server of any form can verify by itself', () => {
  const { headers, body } = requestOf(eventOf(1))
  expect(verifyWebhook({ headers, body }, [pair.publicKey], now)).toMatchObject({ valid: true })
  expect(verifyWebhook({ headers, body }, [pair.publicKey])).toMatchObject({ valid: false })
})
