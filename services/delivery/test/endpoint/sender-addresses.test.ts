import { lookup } from 'node:dns/promises'

import { afterEach, expect, test } from '@jest/globals'

import { openResolve, type Resolve } from '../../src/endpoint/resolve.ts'
import { attemptOf, never, openSenderWorld, type SenderWorld } from './open-sender.ts'
import { closeReceivers, receiver } from './receivers.ts'

const worlds: SenderWorld[] = []
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()))
  await closeReceivers()
})

/** A bus that may reach 127.0.0.1 and no other private address, where names lead as told, one answer after the other. */
function openWorld(...answers: readonly (readonly string[])[]) {
  let asked = 0
  const resolve: Resolve = () => {
    const addresses = answers[Math.min(asked, answers.length - 1)] ?? []
    asked += 1
    return Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))
  }
  const world = openSenderWorld({ networks: ['127.0.0.1/32'], resolve })
  worlds.push(world)
  const send = (url: string, version = 1) => world.sender.send(attemptOf(world.subscription(url, { version })), never)
  return { send, asked: () => asked }
}

const notAllowed = { kind: 'unreachable', code: 'address-not-allowed' }

test.each([
  ['http://169.254.169.254/latest/meta-data/'],
  ['http://[::1]/'],
  ['https://10.0.0.1/'],
  ['https://2130706434/'],
  ['https://[::ffff:10.0.0.1]/'],
  ['http://8.8.8.8/'],
  ['https://user:password@127.0.0.1/'],
  ['gopher://127.0.0.1/'],
  ['https://css.test:25/'],
])('%s is not called, whoever set it', async (url) => {
  expect(await openWorld().send(url)).toMatchObject(notAllowed)
})

test.each([
  ['private', ['10.0.0.1']],
  ['of another loopback', ['127.0.0.2']],
  ['of the cloud', ['169.254.169.254']],
  ['mapped', ['::ffff:10.0.0.1']],
  ['NAT64', ['64:ff9b::a00:1']],
  ['mixed, the permitted one first', ['127.0.0.1', '10.0.0.1']],
  ['mixed, the permitted one last', ['::1', '127.0.0.1']],
])('a name that leads to addresses that are %s is not called', async (_, addresses) => {
  const at = await receiver()
  expect(await openWorld(addresses).send(`http://css.test:${at.port}/`)).toMatchObject(notAllowed)
  expect(at.connections()).toBe(0)
})

test('plain HTTP goes only where the operator opened a network, wherever a name leads', async () => {
  expect(await openWorld(['8.8.8.8']).send('http://css.test/')).toMatchObject(notAllowed)
})

test('the address that is connected to is the one that was looked at', async () => {
  const at = await receiver()
  const { send, asked } = openWorld(['127.0.0.1'], ['10.0.0.1'])
  const url = `http://css.test:${at.port}/`
  expect(await send(url)).toMatchObject({ kind: 'delivered' })
  expect(asked()).toBe(1)
  expect(at.heard[0]?.headers.host).toBe(`css.test:${at.port}`)
})

test('a name that leads elsewhere later is looked at again with each connection', async () => {
  const at = await receiver((response) => response.setHeader('connection', 'close').end())
  const { send, asked } = openWorld(['127.0.0.1'], ['127.0.0.2'])
  const url = `http://css.test:${at.port}/`
  expect(await send(url)).toMatchObject({ kind: 'delivered' })
  expect(await send(url)).toMatchObject(notAllowed)
  expect(asked()).toBe(2)
  expect(at.connections()).toBe(1)
})

test('localhost is asked of nobody: it is 127.0.0.1', async () => {
  const at = await receiver()
  const { send, asked } = openWorld(['10.0.0.1'])
  expect(await send(`http://localhost:${at.port}/`)).toMatchObject({ kind: 'delivered' })
  expect(asked()).toBe(0)
})

test('names that no name server knows are looked up as the system does', async () => {
  const resolve = openResolve()
  const { address } = await lookup('localhost')
  const found = await resolve('localhost').catch(() => [{ address }])
  expect(found.map((each) => each.address)).toContain(address)
})
