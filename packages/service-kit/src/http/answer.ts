import type { ServerResponse } from 'node:http'

import type { Streamed } from '../http.ts'

/** What leaves: headers in lower case, body as it is. */
export interface Answer {
  readonly status: number
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly stream?: Streamed
}

/** Fixed on every answer. Answers may hold personal data: nobody between keeps them. */
const fixed = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
} as const

const fixedFlat: readonly string[] = Object.entries(fixed).flat()

/**
 * One place where bytes leave. Headers go as a flat list, which Node takes as it is. With `held` the whole answer leaves at
 * once, but the connection is given up only when it resolves.
 */
export function send(response: ServerResponse, answer: Answer, held?: Promise<void>): void {
  if (response.headersSent || response.destroyed) return
  const { status, body } = answer
  const list = headersOf(answer)
  if (body === undefined) {
    if (status !== 204 && status !== 304) list.push('content-length', '0')
    response.writeHead(status, list)
    response.end()
    return
  }
  list.push('content-length', String(typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength))
  response.writeHead(status, list)
  if (held === undefined) {
    response.end(body)
    return
  }
  response.write(body)
  void held.then(() => response.end())
}

/** The head of an answer that leaves in chunks, at once. */
export function sendHead(response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return
  response.writeHead(answer.status, headersOf(answer))
  response.flushHeaders()
}

function headersOf({ contentType, headers }: Answer): string[] {
  const list: string[] =
    headers === undefined ? [...fixedFlat] : Object.entries({ ...fixed, ...lowerCased(headers) }).flat()
  if (contentType !== undefined && headers?.['content-type'] === undefined) list.push('content-type', contentType)
  return list
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  const lower: Record<string, string> = {}
  for (const name in headers) lower[name.toLowerCase()] = headers[name] ?? ''
  return lower
}
