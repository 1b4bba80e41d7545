import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'

import { certify } from './certificates.ts'
import { attemptOf, never, openSenderWorld, type SenderWorld } from './open-sender.ts'
import { closeReceivers, rawReceiver, receiver, secureReceiver } from './receivers.ts'
import { trust } from './trust.ts'

let world: SenderWorld
let impatient: SenderWorld
beforeEach(() => {
  world = openSenderWorld()
  impatient = openSenderWorld({ waits: { connectMs: 200, answerMs: 200, bodyMs: 200 } })
})
afterEach(async () => {
  await Promise.all([world.close(), impatient.close()])
  await closeReceivers()
})

const sendTo = (port: number, { by = world, scheme = 'http' }: { by?: SenderWorld; scheme?: string } = {}) =>
  by.sender.send(attemptOf(by.subscription(`${scheme}://127.0.0.1:${port}/`)), never)

const unreachable = (code: string) => ({ kind: 'unreachable', code, ms: expect.any(Number) })
const httpOk = 'HTTP/1.1 200 OK\r\n'

describe('No answer', () => {
  test('where nobody listens', async () => {
    const at = await receiver()
    await closeReceivers()
    expect(await sendTo(at.port)).toEqual(unreachable('connection-refused'))
  })

  test('where the connection is reset', async () => {
    const at = await rawReceiver((socket) => socket.resetAndDestroy())
    expect(await sendTo(at.port)).toEqual(unreachable('connection-reset'))
  })

  test('where the connection ends without a word, or in the middle of one', async () => {
    const silent = await rawReceiver((socket) => socket.end())
    expect(await sendTo(silent.port)).toEqual(unreachable('connection-reset'))
    const cut = await rawReceiver((socket) => socket.end(`${httpOk}content-le`))
    expect(await sendTo(cut.port)).toMatchObject({ kind: 'unreachable' })
  })

  test('where another protocol is spoken', async () => {
    const at = await rawReceiver((socket) => socket.end('220 mail.example ESMTP\r\n'))
    expect(await sendTo(at.port)).toEqual(unreachable('answer-invalid'))
    const upgraded = await rawReceiver((socket) =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n'),
    )
    expect(await sendTo(upgraded.port)).toEqual(unreachable('answer-invalid'))
  })

  test('where headers have no end', async () => {
    const at = await rawReceiver((socket) => socket.write(`${httpOk}${'x-more: 0123456789\r\n'.repeat(2000)}`))
    expect(await sendTo(at.port)).toEqual(unreachable('answer-invalid'))
  })

  test('where headers do not come in time', async () => {
    const at = await rawReceiver(() => undefined)
    expect(await sendTo(at.port, { by: impatient })).toEqual(unreachable('answer-timeout'))
    const slow = await rawReceiver((socket) => {
      const timer = setInterval(() => socket.write('x'), 20)
      socket.write(`${httpOk}x-slow: `)
      socket.once('close', () => clearInterval(timer))
    })
    impatient = openSenderWorld({ waits: { answerMs: 200 } })
    expect(await sendTo(slow.port, { by: impatient })).toEqual(unreachable('answer-timeout'))
  })

  test('where only interim answers come', async () => {
    const at = await rawReceiver((socket) => {
      const timer = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 20)
      socket.once('close', () => clearInterval(timer))
    })
    expect(await sendTo(at.port, { by: impatient })).toEqual(unreachable('answer-timeout'))
  })

  test('where the connection is not made in time', async () => {
    const hanging = openSenderWorld({ resolve: () => new Promise(() => undefined), waits: { connectMs: 100 } })
    const url = 'http://css.test:8080/'
    expect(await hanging.sender.send(attemptOf(hanging.subscription(url)), never)).toEqual(
      unreachable('connect-timeout'),
    )
    await hanging.close()
  })

  test('where the name leads nowhere', async () => {
    expect(await world.sender.send(attemptOf(world.subscription('https://css.test/')), never)).toEqual(
      unreachable('name-unresolved'),
    )
  })
})

describe('TLS', () => {
  const authority = certify({ name: 'authority' })
  const here = { by: authority, altName: 'IP:127.0.0.1' }
  let restore: () => void
  beforeEach(() => {
    restore = trust(authority)
  })
  afterEach(() => restore())

  const serving = async (certified: ReturnType<typeof certify>) => {
    const at = await secureReceiver({ key: certified.key, cert: certified.certificate })
    const answer = await sendTo(at.port, { scheme: 'https' })
    return { answer, heard: at.heard.length }
  }

  test('a certificate of a known authority, for this address, in its time: delivered', async () => {
    expect(await serving(certify({ name: 'css', ...here }))).toMatchObject({ answer: { kind: 'delivered' }, heard: 1 })
  })

  test.each([
    ['its own authority', certify({ name: 'css', altName: 'IP:127.0.0.1' }), 'tls-certificate-untrusted'],
    ['over', certify({ name: 'css', ...here, until: new Date(Date.now() - 1000) }), 'tls-certificate-expired'],
    ['of another name', certify({ name: 'css', by: authority, altName: 'DNS:ss.test' }), 'tls-name-mismatch'],
  ])('a certificate that is %s: nothing leaves', async (_, certified, code) => {
    expect(await serving(certified)).toEqual({ answer: unreachable(code), heard: 0 })
  })

  test('a server that speaks no TLS, or only says so: nothing leaves', async () => {
    const plain = await receiver()
    expect(await sendTo(plain.port, { scheme: 'https' })).toEqual(unreachable('tls-failed'))
    const hangsUp = await rawReceiver((socket) => socket.destroy())
    expect(await sendTo(hangsUp.port, { scheme: 'https' })).toEqual(unreachable('tls-failed'))
    const silent = await rawReceiver(() => undefined)
    expect(await sendTo(silent.port, { scheme: 'https', by: impatient })).toEqual(unreachable('connect-timeout'))
    expect(plain.heard).toHaveLength(0)
  })

  test('an endpoint that speaks an old TLS alone gets nothing', async () => {
    const { key, certificate } = certify({ name: 'css', ...here })
    const at = await secureReceiver({ key, cert: certificate, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })
    expect(await sendTo(at.port, { scheme: 'https' })).toEqual(unreachable('tls-failed'))
  })
})

describe('The status was said, whatever comes behind it', () => {
  const delivered = { kind: 'delivered', status: 200, ms: expect.any(Number) }

  test('a body that does not come, comes slowly, or breaks off', async () => {
    const missing = await rawReceiver((socket) => socket.write(`${httpOk}content-length: 20\r\n\r\n`))
    expect(await sendTo(missing.port, { by: impatient })).toEqual(delivered)
    const cut = await rawReceiver((socket) => socket.end(`${httpOk}content-length: 20\r\n\r\n{"effect":`))
    expect(await sendTo(cut.port)).toEqual(delivered)
  })

  test('a body without end is cut at its limit', async () => {
    let sent = 0
    const at = await receiver((response) => {
      const chunk = Buffer.alloc(16 * 1024, 'x')
      const more = (): void => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length
        sent += chunk.length
      }
      response.on('drain', more)
      more()
    })
    expect(await sendTo(at.port)).toEqual(delivered)
    expect(sent).toBeLessThan(64 * 1024 * 1024)
  })

  test('an encoded body is not decoded', async () => {
    const at = await receiver((response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('{"effect":"applied"}')
    })
    expect(await sendTo(at.port)).toEqual(delivered)
    expect(at.heard[0]?.headers['accept-encoding']).toBe('identity')
  })
})

test('an answer that comes before the request was read counts', async () => {
  const tooLarge = 'HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\n\r\n'
  const at = await rawReceiver((socket) => socket.write(tooLarge), 'connected')
  const attempt = { ...attemptOf(world.subscription(`http://127.0.0.1:${at.port}/`)), body: Buffer.alloc(8e6, 'x') }
  expect(await world.sender.send(attempt, never)).toMatchObject({ kind: 'refused', status: 413, blames: 'subject' })
})
