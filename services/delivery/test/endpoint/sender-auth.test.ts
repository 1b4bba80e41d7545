import { afterEach, describe, expect, test } from '@jest/globals'

import { certify } from './certificates.ts'
import { attemptOf, never, openSenderWorld, type SenderWorld } from './open-sender.ts'
import { closeReceivers, type Heard, receiver, secureReceiver } from './receivers.ts'
import { trust } from './trust.ts'

let world: SenderWorld
afterEach(async () => {
  await world.close()
  await closeReceivers()
})

const urlOf = ({ port }: { port: number }): string => `http://127.0.0.1:${port}/`
const authorizations = (heard: readonly Heard[]) => heard.map(({ headers }) => headers.authorization)

test('nobody signs in where nothing is asked', async () => {
  world = openSenderWorld()
  const at = await receiver()
  await world.sender.send(attemptOf(world.subscription(urlOf(at))), never)
  expect(at.heard[0]?.headers).not.toHaveProperty('authorization')
})

test('a bearer token that would end its header is not sent', async () => {
  world = openSenderWorld()
  const at = await receiver()
  const auth = { kind: 'bearer', token: 'a\r\nx-injected: 1' } as const
  const answer = await world.sender.send(attemptOf(world.subscription(urlOf(at), { auth })), never)
  expect(answer).toMatchObject({ kind: 'unreachable', code: 'auth-unusable' })
  expect(at.heard).toHaveLength(0)
})

describe('OAuth 2.0 client credentials', () => {
  const authAt = (tokens: { port: number }) =>
    ({ kind: 'oauth2', tokenUrl: urlOf(tokens), clientId: 'unavez bus', clientSecret: 's:e', scope: 'push' }) as const

  const issuing = () => {
    let issued = 0
    return receiver((response) => {
      issued += 1
      response.end(JSON.stringify({ access_token: `t${issued}`, token_type: 'Bearer', expires_in: 3600 }))
    })
  }

  test('one token serves all attempts, also those begun together', async () => {
    world = openSenderWorld()
    const [tokens, at] = [await issuing(), await receiver()]
    const attempt = attemptOf(world.subscription(urlOf(at), { auth: authAt(tokens) }))
    await Promise.all(Array.from({ length: 8 }, () => world.sender.send(attempt, never)))
    await world.sender.send(attempt, never)
    expect(new Set(authorizations(at.heard))).toEqual(new Set(['Bearer t1']))
    expect(tokens.heard).toHaveLength(1)
    expect(tokens.heard[0]?.body.toString()).toBe('grant_type=client_credentials&scope=push')
    const basic = `Basic ${Buffer.from('unavez+bus:s%3Ae').toString('base64')}`
    expect(tokens.heard[0]?.headers.authorization).toBe(basic)
  })

  test('a token that was withdrawn is renewed once; one that is refused again is a refusal', async () => {
    world = openSenderWorld()
    let accepted = 'Bearer t1'
    const [tokens, at] = [
      await issuing(),
      await receiver((response, heard) =>
        response.writeHead(heard.headers.authorization === accepted ? 204 : 401).end(),
      ),
    ]
    const attempt = attemptOf(world.subscription(urlOf(at), { auth: authAt(tokens) }))
    expect(await world.sender.send(attempt, never)).toMatchObject({ kind: 'delivered' })
    accepted = 'Bearer t2'
    expect(await world.sender.send(attempt, never)).toMatchObject({ kind: 'delivered' })
    accepted = 'Bearer none'
    expect(await world.sender.send(attempt, never)).toMatchObject({ kind: 'refused', status: 401 })
    expect(authorizations(at.heard)).toEqual(['t1', 't1', 't2', 't2', 't3'].map((token) => `Bearer ${token}`))
  })

  test.each([
    ['refused', 400, '{"error":"invalid_client"}'],
    ['not to be had', 503, ''],
    ['no token', 200, '{"token_type":"Bearer"}'],
    ['no header', 200, '{"access_token":"a\\r\\nb"}'],
  ])('a token that is %s keeps the event here', async (...[, status, body]) => {
    world = openSenderWorld()
    const tokens = await receiver((response) => response.writeHead(status).end(body))
    const at = await receiver()
    const attempt = attemptOf(world.subscription(urlOf(at), { auth: authAt(tokens) }))
    const answer = await world.sender.send(attempt, never)
    expect(answer).toMatchObject({ kind: 'unreachable', code: 'token-refused' })
    expect(at.heard).toHaveLength(0)
  })

  test('where tokens come from keeps to the same addresses', async () => {
    world = openSenderWorld({ networks: ['127.0.0.1/32'] })
    const at = await receiver()
    const auth = { ...authAt({ port: 1 }), tokenUrl: 'http://169.254.169.254/latest' }
    const answer = await world.sender.send(attemptOf(world.subscription(urlOf(at), { auth })), never)
    expect(answer).toMatchObject({ kind: 'unreachable', code: 'address-not-allowed' })
    expect(at.heard).toHaveLength(0)
  })
})

test("the bus shows its own certificate to an endpoint that asks for it, and no other's", async () => {
  const authority = certify({ name: 'authority' })
  const server = certify({ name: 'css', by: authority, altName: 'IP:127.0.0.1' })
  const client = certify({ name: 'bus', by: authority, altName: 'DNS:bus.gob.pa' })
  const stranger = certify({ name: 'bus', altName: 'DNS:bus.gob.pa' })
  const restore = trust(authority)
  world = openSenderWorld()
  const at = await secureReceiver({
    key: server.key,
    cert: server.certificate,
    ca: authority.certificate,
    requestCert: true,
    rejectUnauthorized: true,
  })
  const url = `https://127.0.0.1:${at.port}/`
  const sentWith = ({ certificate, key }: { certificate: string; key: string }, version: number) =>
    world.sender.send(attemptOf(world.subscription(url, { auth: { kind: 'mtls', certificate, key }, version })), never)
  try {
    expect(await sentWith(client, 1)).toMatchObject({ kind: 'delivered' })
    expect(await sentWith(stranger, 2)).toMatchObject({ kind: 'unreachable' })
    expect(await sentWith({ ...client, key: 'no key' }, 3)).toMatchObject({ code: 'auth-unusable' })
    expect(await sentWith({ ...client, key: stranger.key }, 4)).toMatchObject({ code: 'auth-unusable' })
    expect(at.heard).toHaveLength(1)
  } finally {
    restore()
  }
})
