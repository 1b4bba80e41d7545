import type { Actor } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import type { FastifyReply, FastifyRequest } from 'fastify'

import type { Route, Streamed } from '../http.ts'
import type { Log } from '../log.ts'
import type { Admission } from './admission.ts'
import { type Answer, send, sendHead } from './answer.ts'
import { type Desk, RequestCall } from './call.ts'
import type { Durations } from './durations.ts'
import { type Identifiers, identify } from './identify.ts'
import { httpLimits } from './limits.ts'
import { drained } from './linger.ts'
import { answerOf } from './pipeline.ts'
import { begin, type Begun, pour } from './pour.ts'
import type { Prepared } from './prepared.ts'
import { type Failed, instanceOf, problemAnswer, problemOf } from './refusal.ts'

declare module 'fastify' {
  interface FastifyRequest {
    call: RequestCall | undefined
  }
}

export interface ReceptionOptions extends Identifiers {
  readonly desk: Desk
  readonly admission: Admission
  readonly durations: Durations
  readonly log: Log
  readonly closing: AbortSignal
}

interface Arriving {
  readonly call: RequestCall
  readonly prepared: Prepared
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

interface Failing {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly headers?: Readonly<Record<string, string>>
}

const unmatched: Route = {
  method: 'GET',
  url: 'unmatched',
  owner: 'service-kit',
  summary: 'No such route',
  access: { open: true, why: 'nothing is there' },
  handle: () => ({ status: 404 }),
}

/** Takes requests from Fastify (its router and its reading of bodies are all that is used of it) and sees that each gets one answer. */
export class Reception {
  readonly #options: ReceptionOptions

  constructor(options: ReceptionOptions) {
    this.#options = options
  }

  /** Before a byte of the body is read: who speaks, and whether there is room. False: the request has got its answer. */
  admit(prepared: Prepared, request: FastifyRequest, reply: FastifyReply): boolean | Promise<boolean> {
    const call = this.#begin(prepared.route, request, reply)
    try {
      if (this.#options.closing.aborted) throw new Problem('unavailable', { retryAfter: 1 })
      const actor = prepared.open ? call.actor : identify(this.#options, call)
      const arriving = { call, prepared, request, reply }
      if (!(actor instanceof Promise)) return this.#enter(arriving, actor)
      return actor.then(
        (known) => this.#enter(arriving, known),
        (error: unknown) => this.#refuse(error, request, reply),
      )
    } catch (error) {
      return this.#refuse(error, request, reply)
    }
  }

  #enter({ call, prepared, request, reply }: Arriving, actor: Actor): boolean {
    call.actor = actor
    try {
      this.#options.admission.enter(request.raw, reply.raw, prepared.bodyLimit)
      return true
    } catch (error) {
      return this.#refuse(error, request, reply)
    }
  }

  #refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): false {
    this.fail(error, { request, reply })
    return false
  }

  serve(prepared: Prepared, request: FastifyRequest, reply: FastifyReply): void {
    const call = request.call ?? this.#begin(prepared.route, request, reply)
    reply.hijack()
    const { params, query, body } = request
    const arrived = { params, query, bytes: body instanceof Buffer ? body : undefined }
    const standing = call.session && this.#options.sessions.requireStanding(call.session)
    const answering =
      standing === undefined
        ? answerOf(prepared, call, arrived)
        : standing.then(() => answerOf(prepared, call, arrived))
    answering.then(
      (answer) =>
        answer.stream === undefined ? this.#answer(call, answer) : this.#stream(call, answer, answer.stream),
      (error: unknown) => this.#answer(call, this.#refusal(error, call)),
    )
  }

  async #stream(call: RequestCall, answer: Answer, stream: Streamed): Promise<void> {
    let begun: Begun
    try {
      begun = await begin(stream)
    } catch (error) {
      return this.#answer(call, this.#refusal(error, call))
    }
    await this.#pour(call, answer, begun).catch((error: unknown) => {
      this.#options.log.error({ error: String(error) }, 'a stream did not end well')
      call.response.destroy()
    })
  }

  #answer(call: RequestCall, answer: Answer): void {
    // A connection kept alive now would keep the process alive until its client lets go of it.
    const closes = this.#options.closing.aborted
    this.#send(call, closes ? { ...answer, headers: { ...answer.headers, connection: 'close' } } : answer)
  }

  /** Answers with a problem what was refused on the way to its route. */
  fail(error: unknown, { request, reply, headers }: Failing): void {
    const call = request.call ?? this.#begin(unmatched, request, reply)
    reply.hijack()
    const answer = this.#refusal(error, call)
    const left = bodyLeft(request)
    const closes = this.#options.closing.aborted || left ? { connection: 'close' } : {}
    const held = left ? drained(request.raw) : undefined
    this.#send(call, { ...answer, headers: { ...answer.headers, ...headers, ...closes } }, held)
  }

  #begin(route: Route, request: FastifyRequest, reply: FastifyReply): RequestCall {
    const { url, headers, raw } = request
    const method = raw.method ?? route.method
    const call = new RequestCall({ desk: this.#options.desk, route, method, url, headers, response: reply.raw })
    request.call = call
    return call
  }

  #refusal(error: unknown, call: RequestCall): Answer {
    const failed = failedOf(call)
    return problemAnswer(problemOf(error, failed, this.#options.log), failed, call.route.tell)
  }

  /**
   * An answer in chunks counts as given when it begins: how long it lasts is up to its client. Its connection ends with it,
   * as the host may be closing by then.
   */
  async #pour(call: RequestCall, answer: Answer, begun: Begun): Promise<void> {
    const { response } = call
    sendHead(response, { ...answer, headers: { ...answer.headers, connection: 'close' } })
    this.#observe(call, answer.status)
    await pour(response, begun, (error) => {
      const failed = failedOf(call)
      const problem = problemOf(error, failed, this.#options.log)
      const document = problem.document(failed.language, instanceOf(failed))
      return answer.stream?.failed(problem, document) ?? ''
    })
  }

  #send(call: RequestCall, answer: Answer, held?: Promise<void>): void {
    try {
      send(call.response, answer, held)
    } catch (error) {
      // A header that can't be sent: the route's mistake.
      send(call.response, this.#refusal(error, call))
    }
    this.#observe(call, answer.status)
  }

  #observe({ method, route, begunMs }: RequestCall, status: number): void {
    this.#options.durations.observe({ method, route: route.url, status }, performance.now() - begunMs)
  }
}

const failedOf = ({ language, traceId, route }: RequestCall): Failed => ({ language, traceId, route: route.url })

/** A larger body that nobody will read: the connection is not worth keeping for it. */
function bodyLeft({ raw }: FastifyRequest): boolean {
  if (raw.complete) return false
  return (
    raw.headers['transfer-encoding'] !== undefined ||
    Number(raw.headers['content-length']) > httpLimits.countedBodyBytes
  )
}
