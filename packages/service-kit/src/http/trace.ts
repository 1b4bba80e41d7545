import { randomFillSync } from 'node:crypto'

const pattern = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})/

/** W3C Trace Context: the caller's trace under a span of ours, or a new one (not sampled). */
export class Tracing {
  readonly #random = Buffer.alloc(8192)
  #used = 8192

  traceparent(callers: string | string[] | undefined): string {
    const found = typeof callers === 'string' && callers.length < 512 ? pattern.exec(callers) : null
    const trace = found?.[1] ?? this.#hex(16)
    return `00-${trace}-${this.#hex(8)}-${found?.[2] ?? '00'}`
  }

  #hex(bytes: number): string {
    if (this.#used + bytes > this.#random.length) {
      randomFillSync(this.#random)
      this.#used = 0
    }
    const from = this.#used
    this.#used += bytes
    return this.#random.toString('hex', from, this.#used)
  }
}

/** The 32 hexadecimal digits that name the trace. */
export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35)
