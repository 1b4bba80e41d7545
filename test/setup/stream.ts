import { type IncomingMessage, request } from 'node:http'

import type { Client } from '@unavez/sdk'

export interface StreamAsked {
  readonly path: string
  readonly as: Client
  readonly accept: 'application/x-ndjson' | 'text/event-stream'
  readonly headers?: Readonly<Record<string, string>>
}

/** An answer that is read as it comes, and only as far as it is asked for. */
export class OpenStream {
  readonly #response: IncomingMessage
  readonly #chunks: AsyncIterator<Buffer>
  readonly #end: string
  #rest = ''

  constructor(response: IncomingMessage, end: string) {
    this.#response = response
    this.#chunks = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>
    this.#end = end
  }

  get status(): number {
    return this.#response.statusCode ?? 0
  }

  header(name: string): string | undefined {
    return this.#response.headersDistinct[name]?.join(', ')
  }

  /** The next line, or the next block of a stream of server-sent events; undefined at the end. */
  async next(): Promise<string | undefined> {
    for (;;) {
      const at = this.#rest.indexOf(this.#end)
      if (at >= 0) {
        const part = this.#rest.slice(0, at)
        this.#rest = this.#rest.slice(at + this.#end.length)
        return part
      }
      const { value, done } = await this.#chunks.next()
      if (done === true) return this.#rest === '' ? undefined : this.#rest
      this.#rest += value.toString('latin1')
    }
  }

  /** Parts until one fits, or the end. */
  async until(fits: (part: string) => boolean): Promise<readonly string[]> {
    const parts: string[] = []
    for (;;) {
      const part = await this.next()
      if (part === undefined) return parts
      parts.push(part)
      if (fits(part)) return parts
    }
  }

  /** Without a word, as a client that lost its power. */
  drop(): void {
    this.#response.destroy()
  }
}

/** Asks for a stream and waits for its head. */
export async function openStream(bus: { readonly url: string }, asked: StreamAsked): Promise<OpenStream> {
  const { path, as, accept } = asked
  const headers = { accept, authorization: `Bearer ${await as.token()}`, ...asked.headers }
  return new Promise((resolve, reject) => {
    const sent = request(bus.url + path, { headers, agent: false }, (response) => {
      response.on('error', () => undefined)
      resolve(new OpenStream(response, accept === 'text/event-stream' ? '\n\n' : '\n'))
    })
    sent.once('error', reject)
    sent.end()
  })
}
