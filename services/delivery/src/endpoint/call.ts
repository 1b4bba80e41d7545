import { request as httpRequest, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'

import { CallFailure, failureOf, type Phase, systemCodeOf } from './call-failure.ts'
import type { Connections } from './connections.ts'
import { endpointLimits } from './limits.ts'

/** How long each step may take; shorter in tests. */
export type CallWaits = { readonly [Wait in 'connectMs' | 'answerMs' | 'bodyMs']: number }

export interface Called {
  readonly url: URL
  readonly method: 'POST' | 'OPTIONS'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer
}

export interface CallOptions {
  readonly connections: Connections
  readonly waits: CallWaits
  readonly signal: AbortSignal
}

export interface Heard {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** Empty if it was encoded, too long, too slow or cut: the status was said all the same. */
  readonly body: Buffer
}

/**
 * One request, one answer, within the limits; redirects are answers like others. A connection that the other side closed while it was
 * idle is replaced once. Rejects CallFailure, or the signal's reason.
 */
export async function call(called: Called, options: CallOptions): Promise<Heard> {
  try {
    return await attempt(called, options)
  } catch (error) {
    if (!(error instanceof StaleConnection)) throw error
    return await attempt(called, options)
  }
}

/** Nothing was heard on a connection of before: the other side had closed it already. */
class StaleConnection extends CallFailure {}

function attempt(called: Called, { connections, waits, signal }: CallOptions): Promise<Heard> {
  const { promise, resolve, reject } = Promise.withResolvers<Heard>()
  if (signal.aborted) return Promise.reject(signal.reason as Error)
  const request = openRequest(called, connections)
  let phase: Phase = 'connecting'
  let answered = false
  let timer: NodeJS.Timeout
  const within = (ms: number, cut: () => unknown): void => {
    clearTimeout(timer)
    timer = setTimeout(cut, ms)
  }
  const late = (code: string) => (): unknown => request.destroy(new CallFailure(code))
  const abort = (): unknown => request.destroy(signal.reason as Error)
  const fail = (error: unknown): void => {
    const stale = request.reusedSocket && isReset(error)
    reject(
      signal.aborted ? signal.reason : stale ? new StaleConnection('connection-reset', error) : failureOf(error, phase),
    )
  }
  within(waits.connectMs, late('connect-timeout'))
  signal.addEventListener('abort', abort, { once: true })
  onConnected(request, called.url.protocol === 'https:', (step) => {
    phase = step
    if (step === 'speaking') within(waits.answerMs, late('answer-timeout'))
  })
  request.once('response', (response) => {
    answered = true
    within(waits.bodyMs, () => response.destroy())
    readBody(response, (body) => {
      resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
      // Whoever answers before the request was read does not want the rest of it.
      if (!request.writableFinished) request.destroy()
    })
  })
  // An answer that turns to another protocol is none.
  request.once('upgrade', (_response, socket) => {
    fail(new CallFailure('answer-invalid'))
    socket.destroy()
  })
  request.on('error', fail)
  request.once('close', () => {
    if (!answered) fail(new CallFailure('connection-reset'))
  })
  request.end(called.body)
  return promise.finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
  })
}

function openRequest({ url, method, headers, body }: Called, { agent }: Connections): ClientRequest {
  return (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
    agent,
    method,
    headers: { ...headers, 'accept-encoding': 'identity', 'content-length': String(body?.length ?? 0) },
    maxHeaderSize: endpointLimits.headerBytes,
  })
}

/** A connection that is used again is connected already. */
function onConnected(request: ClientRequest, secure: boolean, tell: (phase: Phase) => void): void {
  request.once('socket', (socket: Socket) => {
    if (request.reusedSocket) return tell('speaking')
    socket.once('connect', () => tell(secure ? 'securing' : 'speaking'))
    if (secure) socket.once('secureConnect', () => tell('speaking'))
  })
}

/** Up to the limit, then the connection is cut: it would never be free again. */
function readBody(response: IncomingMessage, done: (body: Buffer) => void): void {
  const encoding = response.headers['content-encoding'] ?? 'identity'
  const chunks: Buffer[] = []
  let bytes = 0
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > endpointLimits.answerBytes) response.destroy()
    else chunks.push(chunk)
  })
  const end = (): void => {
    const whole = response.complete && bytes <= endpointLimits.answerBytes && encoding === 'identity'
    done(whole ? Buffer.concat(chunks) : Buffer.alloc(0))
  }
  response.once('error', () => undefined)
  response.once('end', end)
  response.once('close', end)
}

const isReset = (error: unknown): boolean => ['ECONNRESET', 'EPIPE'].includes(systemCodeOf(error))
