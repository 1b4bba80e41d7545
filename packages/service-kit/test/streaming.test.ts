import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Problem } from '@unavez/protocol'

import { type OpenHttp, openHttp } from './open-http.ts'

const chunk = Buffer.alloc(64 * 1024, 'x')
/** More than sockets of one machine keep between two programs. */
const endless = 2000

/** A stream that tells how far it was asked, and that it was let go of. */
class Source {
  made = 0
  readonly over = Promise.withResolvers<void>()

  async *chunks(most: number, failAfter = Infinity): AsyncGenerator<Buffer> {
    try {
      while (this.made < most) {
        if (this.made === failAfter) throw new Problem('quota-exceeded', { retryAfter: 2 })
        this.made += 1
        yield chunk
        await new Promise(setImmediate)
      }
    } finally {
      this.over.resolve()
    }
  }
}

describe('An answer in chunks', () => {
  let bus: OpenHttp
  const sources = new Map<string, Source>()
  beforeAll(async () => {
    bus = await openHttp({
      timeouts: { idleMs: 1500 },
      routes: ({ http }) =>
        http.route({
          method: 'GET',
          url: '/v1/streams/:name/:most/:failAfter',
          owner: 'test',
          summary: 'Chunks',
          access: { open: true, why: 'a test' },
          handle: ({ params }) => {
            const { name = '', most, failAfter } = params as Record<string, string>
            const source = new Source()
            sources.set(name, source)
            const failed = (problem: Problem): string => `failed: ${problem.code}`
            return {
              headers: { 'content-type': 'text/plain' },
              stream: { chunks: source.chunks(Number(most), Number(failAfter)), failed },
            }
          },
        }),
    })
  })
  afterAll(() => bus.close())

  const opened = async (path: string): Promise<IncomingMessage> => {
    const request = get(`${bus.url}/v1/streams/${path}`, { agent: false })
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    response.on('error', () => undefined)
    return response
  }

  test('comes whole, with the headers of every answer, and ends its connection', async () => {
    const response = await fetch(`${bus.url}/v1/streams/whole/5/Infinity`)
    expect((await response.arrayBuffer()).byteLength).toBe(5 * chunk.length)
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('connection')).toBe('close')
  })

  test('that fails before its first chunk is a problem like any other; after it the stream says so itself', async () => {
    const early = await fetch(`${bus.url}/v1/streams/early/5/0`)
    expect(early.status).toBe(429)
    expect(early.headers.get('retry-after')).toBe('2')
    expect(await early.json()).toMatchObject({ code: 'quota-exceeded' })
    const late = await fetch(`${bus.url}/v1/streams/late/5/2`)
    expect(late.status).toBe(200)
    expect((await late.text()).slice(2 * chunk.length)).toBe('failed: quota-exceeded')
  })

  test('P14: nothing is made for a client that takes nothing, and it is cut off in bounded time', async () => {
    const response = await opened(`slow/${endless}/Infinity`)
    const source = sources.get('slow')
    await source?.over.promise
    expect(source?.made).toBeLessThan(endless)
    response.destroy()
  })

  test('P14: a client that goes is noticed, and what made its chunks is let go of', async () => {
    const response = await opened(`gone/${endless}/Infinity`)
    response.destroy()
    const source = sources.get('gone')
    await source?.over.promise
    expect(source?.made).toBeLessThan(endless)
  })

  test('a slow client that goes on reading gets all of it', async () => {
    const response = await opened('patient/400/Infinity')
    let bytes = 0
    for await (const part of response) {
      bytes += (part as Buffer).length
      if (bytes < 4 * chunk.length) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    expect(bytes).toBe(400 * chunk.length)
  })
})
