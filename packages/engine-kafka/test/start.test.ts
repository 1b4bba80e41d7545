import { createServer, type Socket } from 'node:net'

import { isEngineError } from '@unavez/engine'
import { afterEach, describe, expect, test } from '@jest/globals'

import { openWire, Writer } from '../src/wire/index.ts'

const closers: (() => void)[] = []

/** A server that does this with each connection. Its address is `host:port`. */
async function listen(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    onSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

/** Answers ApiVersions, whatever is asked, with one version range for each of some APIs. */
const oldBroker = (apis: readonly number[]) => (socket: Socket) =>
  socket.on('data', (request) => {
    const answer = new Writer().raw(request.subarray(8, 12)).int16(0)
    const body = answer.array(apis, (key, writer) => writer.int16(key).int16(0).int16(99)).done()
    socket.write(Buffer.concat([new Writer().int32(body.length).done(), body]))
  })

/** Offers everything, and says that the only broker is somewhere else. */
const astray = (port: number) => (socket: Socket) =>
  socket.on('data', (request) => {
    const answer = new Writer().raw(request.subarray(8, 12))
    if (request.readInt16BE(4) === 18) {
      answer.int16(0).array([...Array(60).keys()], (key, writer) => writer.int16(key).int16(0).int16(99))
    } else {
      const brokers = answer
        .int32(0)
        .array([1], (id, writer) => writer.int32(id).string('127.0.0.1').int32(port).string(null))
      brokers
        .string(null)
        .int32(1)
        .array([], () => {})
    }
    const body = answer.done()
    socket.write(Buffer.concat([new Writer().int32(body.length).done(), body]))
  })

async function refusal(...brokers: string[]): Promise<string> {
  try {
    const wire = await openWire({ brokers })
    wire.close()
    return 'opened'
  } catch (error) {
    if (!isEngineError(error, 'cannot-start')) throw error
    return error.message
  }
}

describe('a start without a Kafka that fits', () => {
  afterEach(() => {
    for (const close of closers.splice(0)) close()
  })

  test('a wrong address is named in one sentence', async () => {
    const gone = await listen(() => undefined)
    for (const close of closers.splice(0)) close()
    expect(await refusal(gone)).toMatch(new RegExp(`^No Kafka broker answers at ${gone} \\(.*ECONNREFUSED.*\\)\\.$`))
  })

  test('what is no address is told so', async () => {
    expect(await refusal('kafka.example')).toBe('A Kafka broker is written host:port, not "kafka.example".')
    expect(await refusal()).toMatch(/no address was given/)
  })

  test('a server that never answers, or answers something else, is no Kafka', async () => {
    const silent = await listen(() => undefined)
    const babbling = await listen((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))
    const closing = await listen((socket) => socket.destroy())
    const refusals = await Promise.all([refusal(silent), refusal(babbling), refusal(closing)])
    for (const why of refusals) expect(why).toMatch(/^No Kafka broker answers at 127\.0\.0\.1:\d+ \(.*\)\.$/)
  })

  test('brokers that give addresses which lead nowhere are told so', async () => {
    const gone = await listen(() => undefined)
    for (const close of closers.splice(0)) close()
    const broker = await listen(astray(Number(gone.split(':')[1])))
    expect(await refusal(broker)).toBe(
      `Kafka answers, but none of the addresses that it gives for its brokers does (${gone}): see advertised.listeners.`,
    )
  })

  test('a broker too old or too new is told apart by what it lacks', async () => {
    const broker = await listen(oldBroker([0, 1, 2, 18]))
    expect(await refusal(broker)).toMatch(/^The Kafka brokers do not offer Metadata 5, .*CreateTopics 4.*\.$/)
  })
})
