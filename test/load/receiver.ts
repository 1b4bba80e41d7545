import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Consents to everybody, takes everything, and notes when each event came first, by path. */
export class Receiver {
  readonly #server = createServer((request, response) => void this.#hear(request, response))
  /** By `<path> <event id>`: when it came, by the monotonic clock. Milliseconds. */
  readonly came = new Map<string, number>()
  #port = 0

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.#port = (this.#server.address() as AddressInfo).port
    return this
  }

  url(path: string): string {
    return `http://127.0.0.1:${this.#port}${path}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  async #hear(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = performance.now()
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const consent = { 'webhook-allowed-origin': '*', 'webhook-allowed-rate': '*' }
    if (request.method === 'OPTIONS') return void response.writeHead(200, consent).end()
    response.writeHead(204).end()
    const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { id: string }
    const key = `${request.url ?? ''} ${id}`
    if (!this.came.has(key)) this.came.set(key, at)
  }
}
