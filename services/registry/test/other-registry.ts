import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface OtherRegistry {
  readonly url: string
  /** Texts by subject, in the order of their versions. */
  readonly subjects: ReadonlyMap<string, readonly string[]>
  /** What it answered to a schema's text. */
  readonly ids: ReadonlyMap<string, number>
  readonly authorizations: ReadonlySet<string | undefined>
  /** What it does with requests: `hang` never answers, `fail` is 503, `refuse` 422 for subjects with that word in them. */
  behave(how: 'well' | 'hang' | 'fail' | 'refuse'): void
  close(): Promise<void>
}

/** As much of Confluent's registry as a producer sees of it. */
export async function openOtherRegistry(port = 0): Promise<OtherRegistry> {
  const subjects = new Map<string, string[]>()
  const levels = new Map<string, string>()
  const ids = new Map<string, number>()
  const authorizations = new Set<string | undefined>()
  let behaviour: Parameters<OtherRegistry['behave']>[0] = 'well'

  const answer = (response: ServerResponse, status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' })
    response.end(JSON.stringify(body))
  }

  const server = createServer((request, response) => void serve(request, response))
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    authorizations.add(request.headers.authorization)
    const chunks = await request.toArray()
    const [, what = '', subject = '', versions = ''] = (request.url ?? '').split('/').slice(1)
    if (behaviour === 'hang') return
    if (behaviour === 'fail') return answer(response, 503, { message: 'down' })
    if (behaviour === 'refuse' && subject.includes('refused'))
      return answer(response, 422, { error_code: 42201, message: 'no' })
    const body = chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as Record<string, string>)
    const { schema = '', compatibility = '' } = body
    if (what === 'config' && request.method === 'GET') {
      const compatibilityLevel = levels.get(subject)
      if (compatibilityLevel === undefined) return answer(response, 404, { error_code: 40408, message: 'none' })
      return answer(response, 200, { compatibilityLevel })
    }
    if (what === 'config') {
      levels.set(subject, compatibility)
      return answer(response, 200, { compatibility })
    }
    if (what !== 'subjects' || versions !== 'versions') return answer(response, 404, { error_code: 404, message: 'no' })
    const texts = subjects.get(subject) ?? []
    subjects.set(subject, texts.includes(schema) ? texts : [...texts, schema])
    const id = ids.get(schema) ?? 1000 + ids.size
    ids.set(schema, id)
    answer(response, 200, { id })
  }
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const { port: bound } = server.address() as AddressInfo
  return {
    url: `http://unavez:s%40fe@127.0.0.1:${bound}/api/`,
    subjects,
    ids,
    authorizations,
    behave(how) {
      behaviour = how
      if (how !== 'hang') server.closeAllConnections()
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
