import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer, type ServerOptions } from 'node:https'
import { type AddressInfo, createServer as createRawServer, type Server as RawServer, type Socket } from 'node:net'

export interface Heard {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export interface Receiver {
  readonly port: number
  /** Requests, in order of arrival, with their whole body. */
  readonly heard: readonly Heard[]
  readonly connections: () => number
  readonly server: Server | RawServer
}

const open: { close: () => Promise<void> }[] = []

export async function closeReceivers(): Promise<void> {
  await Promise.all(open.splice(0).map((each) => each.close()))
}

type Answering = (response: ServerResponse, heard: Heard) => unknown

const ok: Answering = (response) => response.writeHead(204).end()

/** A real server on loopback. */
export function receiver(answer: Answering = ok): Promise<Receiver> {
  const heard: Heard[] = []
  return listening(createServer(listener(heard, answer)), heard)
}

export function secureReceiver(options: ServerOptions, answer: Answering = ok): Promise<Receiver> {
  const heard: Heard[] = []
  return listening(createSecureServer(options, listener(heard, answer)), heard)
}

/** One that speaks as it likes, once the first bytes of a request are there or before. */
export function rawReceiver(speak: (socket: Socket) => void, when: 'asked' | 'connected' = 'asked'): Promise<Receiver> {
  const server = createRawServer((socket) => {
    socket.on('error', () => undefined)
    if (when === 'connected') speak(socket)
    else socket.once('data', () => speak(socket))
  })
  return listening(server, [])
}

function listener(heard: Heard[], answer: Answering): RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.once('end', () => {
      const { method = '', url = '', headers } = request
      const each = { method, url, headers, body: Buffer.concat(chunks) }
      heard.push(each)
      answer(response, each)
    })
  }
}

async function listening(server: Server | RawServer, heard: Heard[]): Promise<Receiver> {
  const sockets = new Set<Socket>()
  let connections = 0
  server.on('connection', (socket: Socket) => {
    connections += 1
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  })
  return { port: (server.address() as AddressInfo).port, heard, connections: () => connections, server }
}
