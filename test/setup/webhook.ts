import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

import type { DeliveredEvent } from '@unavez/protocol'

/** One event as it came. */
export interface Arrival {
  readonly webhookId: string
  readonly event: DeliveredEvent<Record<string, unknown>> & { readonly test?: boolean }
  readonly headers: IncomingMessage['headers']
  readonly at: number
  readonly path: string
  /** What was answered; absent until it was. */
  status?: number
}

/** A status, more of an answer, or none: the connection stays open, or is cut. */
export type Answering =
  | number
  | 'hang'
  | 'reset'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly json?: object }

/** A receiver of webhooks on loopback: consents to everybody, answers as it is told at the moment, and remembers. */
export class Webhook {
  readonly arrivals: Arrival[] = []
  /** 204 unless told. */
  answer: (event: DeliveredEvent, nth: number) => Answering | Promise<Answering> = () => 204
  /** Subjects with an event that was not answered yet, and whether there ever were two of one. */
  readonly #under = new Set<string>()
  readonly overlaps: string[] = []
  readonly #sockets = new Set<Socket>()
  readonly #server = createServer((request, response) => void this.#hear(request, response))
  port = 0

  async open(port = 0): Promise<this> {
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve))
    this.port = (this.#server.address() as AddressInfo).port
    return this
  }

  url(path = '/hook'): string {
    return `http://127.0.0.1:${this.port}${path}`
  }

  /** Ids of events that were answered with a 2xx, in the order in which they came first. */
  get delivered(): readonly string[] {
    const taken = this.arrivals.filter(({ status = 0 }) => status >= 200 && status < 300)
    return [...new Set(taken.map(({ event }) => event.id))]
  }

  of(id: string): readonly Arrival[] {
    return this.arrivals.filter(({ event }) => event.id === id)
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (request.method === 'OPTIONS') {
      response.writeHead(200, { 'webhook-allowed-origin': '*', 'webhook-allowed-rate': '*' }).end()
      return
    }
    const event = JSON.parse(Buffer.concat(chunks).toString()) as Arrival['event']
    const { headers, url: path = '' } = request
    const arrival: Arrival = { webhookId: String(headers['webhook-id']), event, headers, at: Date.now(), path }
    this.arrivals.push(arrival)
    if (this.#under.has(event.subject)) this.overlaps.push(event.id)
    this.#under.add(event.subject)
    response.once('close', () => this.#under.delete(event.subject))
    const answer = await this.answer(event, this.of(event.id).length)
    if (answer === 'hang') return
    this.#under.delete(event.subject)
    if (answer === 'reset') return void request.socket.destroy()
    const { status, headers: more = {}, json } = typeof answer === 'number' ? { status: answer } : answer
    arrival.status = status
    response.writeHead(status, more).end(json && JSON.stringify(json))
  }
}
