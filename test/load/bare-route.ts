import Fastify from 'fastify'

export interface Bare {
  /** Resolves with the event's place once it is durable. */
  readonly write: (body: string) => Promise<number>
  readonly page?: (after: number, limit: number) => string
}

/** The yardstick: Fastify at its best settings, no sign-in, no check beyond JSON, no policy, no repeats found. */
export async function serve({ write, page }: Bare): Promise<void> {
  const app = Fastify({ logger: false, bodyLimit: 8_000_000 })
  app.addContentTypeParser('application/cloudevents+json', { parseAs: 'string' }, (_request, text, done) =>
    done(null, { text, event: JSON.parse(String(text)) as { id: string } }),
  )
  app.addContentTypeParser('application/cloudevents-batch+json', { parseAs: 'string' }, (_request, text, done) =>
    done(
      null,
      (JSON.parse(String(text)) as object[]).map((event) => JSON.stringify(event)),
    ),
  )
  app.post<{ Body: { text: string; event: { id: string } } | string[] }>('/v1/events', async ({ body }, reply) => {
    reply.code(201)
    if (Array.isArray(body)) return Promise.all(body.map(async (event) => ({ position: await write(event) })))
    return { id: body.event.id, position: await write(body.text) }
  })
  app.get<{ Querystring: { after: string; limit: string } }>('/v1/events', async ({ query }, reply) =>
    reply.type('application/json').send(page?.(Number(query.after), Number(query.limit)) ?? ''),
  )
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  process.once('SIGTERM', () => void app.close().then(() => process.exit(0)))
  process.stdout.write(`listens on ${url}\n`)
}
