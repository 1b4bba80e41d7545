import type { IncomingMessage, ServerResponse } from 'node:http'

import type { WebhookAnswer, WebhookReceiver } from './webhook-receiver.ts'

/** An event of 256 KB and what is around it. Bytes. */
const bodyBytes = 1024 * 1024
const contentType = 'application/cloudevents+json'

/** A request as Node has it; of Express also when `express.raw` has read the body. */
type NodeRequest = IncomingMessage & { readonly body?: unknown }

/**
 * For `createServer(…)` of Node, and for Express (`app.use('/hooks', …)`), where it must stand before anything that parses
 * JSON: only the bytes as they came can be verified.
 */
export function nodeListener<Data>(
  receiver: WebhookReceiver<Data>,
): (request: NodeRequest, response: ServerResponse) => void {
  return (request, response) => {
    void bodyOf(request)
      .then((body) => receiver.answer({ method: request.method ?? '', headers: request.headers, body }))
      .catch((error: unknown) => (error instanceof Refused ? error.answer : unread(500, 'not-handled')))
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body))
  }
}

/** What this needs of a Fastify instance; the real one has it. */
interface FastifyLike {
  addContentTypeParser(
    contentType: string,
    options: { parseAs: 'buffer'; bodyLimit: number },
    parser: (request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) => void,
  ): unknown
  route(options: {
    method: string[]
    url: string
    handler: (request: FastifyRequestLike, reply: FastifyReplyLike) => Promise<unknown>
  }): unknown
}

interface FastifyRequestLike {
  readonly method: string
  readonly headers: IncomingMessage['headers']
  readonly body: unknown
}

interface FastifyReplyLike {
  code(status: number): FastifyReplyLike
  headers(headers: Record<string, string>): FastifyReplyLike
  send(body: string): unknown
}

/** For Fastify: `app.register(fastifyPlugin(receiver), { prefix: '/hooks' })`. It parses events itself, in its own scope alone. */
export function fastifyPlugin<Data>(receiver: WebhookReceiver<Data>): (app: FastifyLike) => Promise<void> {
  return (app) => {
    app.addContentTypeParser(contentType, { parseAs: 'buffer', bodyLimit: bodyBytes }, (_, body, done) =>
      done(null, body),
    )
    app.route({
      method: ['POST', 'OPTIONS'],
      url: '/',
      handler: async ({ method, headers, body }, reply) => {
        const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0)
        const answer = await receiver.answer({ method, headers, body: bytes })
        return reply.code(answer.status).headers(answer.headers).send(answer.body)
      },
    })
    return Promise.resolve()
  }
}

class Refused extends Error {
  readonly answer: WebhookAnswer

  constructor(answer: WebhookAnswer) {
    super(answer.body)
    this.answer = answer
  }
}

/** Rejects Refused if it is too long, breaks off, or was read and parsed by somebody else. */
async function bodyOf(request: NodeRequest): Promise<Buffer> {
  if (Buffer.isBuffer(request.body)) return request.body
  if (request.readableEnded && request.method === 'POST') throw new Refused(unread(500, 'body-parsed-before'))
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bodyBytes) throw new Refused(unread(413, 'body-too-large'))
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const unread = (status: number, code: string): WebhookAnswer => ({
  status,
  headers: { 'content-type': 'application/json', connection: 'close' },
  body: JSON.stringify({ code }),
})
