import { expect, test } from '@jest/globals'
import fc from 'fast-check'

import {
  makeWebhookKeyPair,
  makeWebhookSecret,
  openWebhookSigner,
  openWebhookVerifier,
  type WebhookHeaders,
} from '../src/index.ts'

// Published vectors: the one of Standard Webhooks' libraries (HMAC), and the one of Svix's server (Ed25519).
const vector = {
  id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  at: new Date(1_614_265_330_000),
  body: Buffer.from('{"test": 2432232314}'),
}
const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const privateKey = 'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=='
const publicKey = 'whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4='
const v1 = 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
const v1a = 'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=='

const headers = (signature: string): WebhookHeaders => ({
  'webhook-id': vector.id,
  'webhook-timestamp': '1614265330',
  'webhook-signature': signature,
})
const verdict = (keys: readonly string[], signature: string, now = vector.at) =>
  openWebhookVerifier(keys)({ headers: { ...headers(signature) }, body: vector.body }, now)

test('signatures are those that Standard Webhooks publishes', () => {
  expect(openWebhookSigner([secret])(vector)).toEqual(headers(v1))
  expect(openWebhookSigner([privateKey, secret])(vector)).toEqual(headers(`${v1a} ${v1}`))
  expect(verdict([secret], v1)).toEqual({ valid: true, id: vector.id, sentAt: vector.at })
  expect(verdict([publicKey], v1a)).toEqual({ valid: true, id: vector.id, sentAt: vector.at })
})

test('while keys rotate, either of two signatures is believed by whoever knows one key', () => {
  const [older, newer] = [makeWebhookSecret(), makeWebhookSecret()]
  const sent = openWebhookSigner([newer, older])(vector)['webhook-signature']
  for (const keys of [[older], [newer], [older, newer], [makeWebhookSecret(), older]])
    expect(verdict(keys, sent)).toMatchObject({ valid: true })
  expect(verdict([makeWebhookSecret()], sent)).toEqual({ valid: false, fault: 'signature-invalid' })
})

test('a clock may be five minutes off, either way, and no more', () => {
  const off = (seconds: number) => verdict([secret], v1, new Date(vector.at.getTime() + seconds * 1000))
  for (const seconds of [-300, -299, 0, 299, 300]) expect(off(seconds)).toMatchObject({ valid: true })
  expect(off(301)).toEqual({ valid: false, fault: 'timestamp-too-old' })
  expect(off(-301)).toEqual({ valid: false, fault: 'timestamp-too-new' })
})

test('a signature of one kind proves nothing to a key of the other', () => {
  for (const signature of [v1.replace('v1,', 'v1a,'), v1.replace('v1,', 'v2,'), v1.slice(3), '', 'v1,', ', ,'])
    expect(verdict([secret, publicKey], signature)).toEqual({ valid: false, fault: 'signature-invalid' })
  expect(verdict([publicKey], v1)).toMatchObject({ valid: false })
})

test('only so many signatures are looked at', () => {
  const wrong = 'v1,AAAA'
  expect(verdict([secret], `${`${wrong} `.repeat(15)}${v1}`)).toMatchObject({ valid: true })
  expect(verdict([secret], `${`${wrong} `.repeat(16)}${v1}`)).toMatchObject({ valid: false })
})

test('headers that are missing, doubled or no such headers are a fault of their own', () => {
  const verify = openWebhookVerifier([secret])
  const good = headers(v1)
  const bad: readonly Record<string, string | string[] | undefined>[] = [
    {},
    { ...good, 'webhook-id': undefined },
    { ...good, 'webhook-id': '' },
    { ...good, 'webhook-id': 'a.1' },
    { ...good, 'webhook-timestamp': '-5' },
    { ...good, 'webhook-timestamp': '1e9' },
    { ...good, 'webhook-timestamp': 'Infinity' },
    { ...good, 'webhook-signature': [v1, v1] },
  ]
  for (const each of bad)
    expect(verify({ headers: each, body: vector.body }, vector.at)).toEqual({ valid: false, fault: 'headers-missing' })
})

test('whatever is sent is believed as it was sent, and not with one bit changed', () => {
  const pair = makeWebhookKeyPair()
  const shared = makeWebhookSecret()
  const sign = openWebhookSigner([pair.privateKey, shared])
  const id = fc.stringMatching(/^[a-zA-Z0-9_-]{1,80}$/)
  const at = fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
  fc.assert(
    fc.property(fc.record({ id, at }), fc.uint8Array({ minLength: 1 }), fc.nat(), (sent, bytes, place) => {
      const body = Buffer.from(bytes)
      const signed = { ...sign({ ...sent, body }) }
      const changed = Buffer.from(body)
      changed.writeUInt8(body.readUInt8(place % body.length) ^ (1 << (place % 8)), place % body.length)
      for (const key of [pair.publicKey, shared]) {
        const verify = openWebhookVerifier([key])
        expect(verify({ headers: signed, body }, sent.at)).toMatchObject({ valid: true, id: sent.id })
        expect(verify({ headers: signed, body: changed }, sent.at)).toMatchObject({ valid: false })
        const otherId = { ...signed, 'webhook-id': `${sent.id}x` }
        expect(verify({ headers: otherId, body }, sent.at)).toMatchObject({ valid: false })
      }
    }),
    { numRuns: 50 },
  )
})

test('text that is no key is refused, and not repeated', () => {
  const short = 'whsec_c2hvcnQ='
  for (const text of ['', 'whpk_', short, `whsec_${'A'.repeat(100)}`, secret.slice(6), 'whsk_AAAA', `${publicKey}AAAA`])
    expect(() => openWebhookVerifier([text])).toThrow('This is no key of Standard Webhooks')
  expect(() => openWebhookVerifier([short])).not.toThrow(short)
  expect(() => openWebhookSigner([publicKey])).toThrow('does not sign')
})
