import { setMaxListeners } from 'node:events'
import type { Socket } from 'node:net'

import { Problem } from '@unavez/protocol'
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import type { Registry } from 'prom-client'

import type { Clock } from '../clock.ts'
import type { Control } from '../control.ts'
import type { Http, Route } from '../http.ts'
import type { Keys } from '../keys.ts'
import type { Log } from '../log.ts'
import type { Settings } from '../surroundings.ts'
import { httpLimits } from './limits.ts'
import { AccessTokens } from './access-token.ts'
import { Admission } from './admission.ts'
import { Authority } from './authority.ts'
import type { Desk } from './call.ts'
import { Durations } from './durations.ts'
import { addOperations } from './operations.ts'
import { prepare } from './prepared.ts'
import { Reception } from './reception.ts'
import { type EndedSessions, Sessions } from './session.ts'
import { Tracing } from './trace.ts'
import { TrustedIssuers } from './trusted-issuers.ts'
import { KnownPaths } from './unmatched.ts'

export interface HttpOptions {
  /** Where ended sessions are known. */
  readonly engine: { readonly volatile: EndedSessions }
  readonly control: Control
  readonly keys: Keys
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Registry
  readonly settings: Pick<Settings, 'publicUrl' | 'trustedIssuers'>
  /** Aborted when the host stops: waits end, new requests get 503. */
  readonly closing: AbortSignal
  /** One sentence for each thing that the process still waits for; told by `/health/ready`. */
  readonly missing?: () => readonly string[]
  /** Shorter ones for tests. */
  readonly timeouts?: Partial<Timeouts>
}

export interface HttpServer {
  /** Where services put their routes, until `listen`. */
  readonly http: Http
  /** Every route with the service that answers it: the table of a proxy, and of the tenant-isolation test. */
  routes(): readonly Route[]
  /** Rejects as Node does, e.g. EADDRINUSE. `url` has the port that was given, also for port 0. */
  listen(host: string, port: number): Promise<{ readonly url: string }>
  /** Takes no more connections, answers what is under way, closes idle connections. */
  close(): Promise<void>
}

export function createHttp(options: HttpOptions): HttpServer {
  const { settings, metrics, missing = () => [] } = options
  const reception = createReception(options)
  const app = createFastify({ ...httpLimits, ...options.timeouts }, reception)
  const routes: Route[] = []
  const paths = new KnownPaths()
  const http: Http = {
    route(route) {
      routes.push(route)
      paths.add(route)
      addRoute(app, reception, route)
    },
  }
  addOperations(http, { metrics, publicUrl: settings.publicUrl, missing, routes: () => routes })
  app.setNotFoundHandler((request, reply) => {
    const methods = paths.methodsOf(request.url)
    if (methods.length === 0) reception.fail(new Problem('not-found'), { request, reply })
    else reception.fail(new Problem('method-not-allowed'), { request, reply, headers: { allow: methods.join(', ') } })
  })
  app.setErrorHandler((error: FastifyError, request, reply) =>
    reception.fail(problemOfFastify(error), { request, reply }),
  )
  return {
    http,
    routes: () => routes,
    async listen(host, port) {
      return { url: await app.listen({ host, port }) }
    },
    close: () => drain(app),
  }
}

/** What is under way is answered; who has not got or given everything by then is cut off. */
async function drain(app: FastifyInstance): Promise<void> {
  const late = setTimeout(() => app.server.closeAllConnections(), httpLimits.drainMs)
  await app.close().finally(() => clearTimeout(late))
}

type Timeouts = Readonly<Record<'requestMs' | 'headersMs' | 'idleMs' | 'keepAliveMs', number>>

function createFastify(limits: Timeouts, reception: Reception): FastifyInstance {
  const app = Fastify({
    logger: false,
    requestTimeout: limits.requestMs,
    connectionTimeout: limits.idleMs,
    keepAliveTimeout: limits.keepAliveMs,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    exposeHeadRoutes: false,
    http: {
      headersTimeout: Math.min(limits.headersMs, limits.requestMs),
      connectionsCheckingInterval: Math.min(1000, limits.requestMs / 2),
    },
    routerOptions: { maxParamLength: httpLimits.paramLength },
    clientErrorHandler: refuseConnection,
    frameworkErrors: (_error, request, reply) => reception.fail(new Problem('not-found'), { request, reply }),
  })
  app.server.maxConnections = httpLimits.connections
  app.decorateRequest('call', undefined)
  app.removeAllContentTypeParsers()
  // Whatever the type says, a route reads it for itself. Fastify remembers what it found by a pattern; behind '*' alone it
  // would take the type of each request apart again.
  for (const any of [/^/, '*']) {
    app.addContentTypeParser(any, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  }
  return app
}

function createReception(options: HttpOptions): Reception {
  const { engine, control, keys, clock, log, metrics, settings, closing } = options
  const { publicUrl } = settings
  const waiting = new Set<AbortController>()
  setMaxListeners(0, closing)
  closing.addEventListener('abort', () => waiting.forEach((controller) => controller.abort()), { once: true })
  const desk: Desk = { control, clock, authority: new Authority(options), tracing: new Tracing(), waiting }
  const signingKeys = () => control.policy.signingKeys()
  const tokens = new AccessTokens({ publicUrl, signingKeys })
  const sessions = new Sessions({ key: keys.of('session'), publicUrl, volatile: engine.volatile, control })
  const issuers = settings.trustedIssuers && { issuers: new TrustedIssuers(settings.trustedIssuers) }
  return new Reception({
    sessions,
    ...issuers,
    desk,
    tokens,
    admission: new Admission(),
    durations: new Durations(metrics),
    log,
    closing,
  })
}

function addRoute(app: FastifyInstance, reception: Reception, route: Route): void {
  const prepared = prepare(route)
  const isLookedAt = prepared.open && route.method === 'GET' && route.acts !== true
  const method = isLookedAt ? ['GET', 'HEAD'] : route.method
  app.route({
    method,
    url: route.url,
    bodyLimit: prepared.bodyLimit,
    onRequest: (request, reply, done) => {
      const admitted = reception.admit(prepared, request, reply)
      if (admitted === true) done()
      else if (admitted !== false) void goOn(admitted, done)
    },
    handler: (request, reply) => reception.serve(prepared, request, reply),
  })
}

async function goOn(admitted: Promise<boolean>, next: () => void): Promise<void> {
  if (await admitted) next()
}

function problemOfFastify(error: FastifyError): unknown {
  if (error instanceof Problem) return error
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new Problem('body-too-large')
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new Problem('content-type-unsupported')
  const status = error.statusCode ?? 500
  if (status < 400 || status >= 500) return error
  return new Problem('body-invalid', {
    detail: { es: 'No llegó como se anunció', en: 'It did not arrive as announced' },
  })
}

/** What never became a request: told in a few lines, and the connection ends. */
function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  const slow = error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
  const problem = new Problem(slow ? 'body-too-slow' : 'header-invalid')
  const body = JSON.stringify(problem.document('es'))
  const head = [
    `HTTP/1.1 ${problem.status} ${slow ? 'Request Timeout' : 'Bad Request'}`,
    'content-type: application/problem+json',
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
  socket.destroySoon()
}
