import { Problem, type ProblemDocument } from '@unavez/protocol'

import { Unreachable } from './retry.ts'

export interface Sent {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path and query, from the bus's root. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal?: AbortSignal | undefined
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed body; undefined if it is empty or not JSON. */
  readonly json: unknown
}

/** One request, one answer, whatever its status. Rejects Unreachable when none came. */
export class Transport {
  readonly #url: string
  readonly #timeoutMs: number

  constructor(url: string, timeoutMs: number) {
    this.#url = url.replace(/\/+$/, '')
    this.#timeoutMs = timeoutMs
  }

  async send(sent: Sent): Promise<Answer> {
    const limit = AbortSignal.timeout(this.#timeoutMs)
    const signal = sent.signal === undefined ? limit : AbortSignal.any([sent.signal, limit])
    try {
      const response = await fetch(this.#url + sent.path, {
        method: sent.method,
        signal,
        redirect: 'error',
        ...(sent.headers === undefined ? {} : { headers: sent.headers }),
        ...(sent.body === undefined ? {} : { body: sent.body }),
      })
      const text = await response.text()
      return { status: response.status, headers: response.headers, text, json: parse(text) }
    } catch (error) {
      if (sent.signal?.aborted) throw sent.signal.reason
      throw new Unreachable(error)
    }
  }
}

/** Turns an answer that says no back into the Problem that the bus threw. */
export function problemOf(answer: Answer): Problem {
  const after = Number(answer.headers.get('retry-after'))
  const document = answer.json as Partial<ProblemDocument> | undefined
  if (typeof document?.code !== 'string') {
    return new Problem(answer.status >= 500 ? 'unavailable' : 'internal-error', {
      detail: { es: `HTTP ${answer.status}`, en: `HTTP ${answer.status}` },
    })
  }
  return Problem.from(document as ProblemDocument, Number.isFinite(after) && after > 0 ? after : undefined)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
