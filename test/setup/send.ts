import { connect } from 'node:net'

import type { Client } from '@unavez/sdk'

export interface Asked {
  readonly method?: string
  readonly path: string
  /** Whose token goes with it; none without. */
  readonly as?: Client
  /** Sent as JSON. */
  readonly json?: unknown
  /** Sent as it is. */
  readonly body?: string | Uint8Array<ArrayBuffer>
  readonly headers?: Readonly<Record<string, string>>
}

/** One answer as it came: nothing retried, nothing interpreted. */
export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The parsed body; undefined if it is none. */
  readonly json: unknown
}

/** Asks the bus once, without the kit's repeats. */
export async function ask(bus: { readonly url: string }, asked: Asked): Promise<Answered> {
  const { as, json, path } = asked
  const body = json === undefined ? asked.body : JSON.stringify(json)
  const response = await fetch(bus.url + path, {
    method: asked.method ?? (body === undefined ? 'GET' : 'POST'),
    redirect: 'error',
    headers: {
      ...(as === undefined ? {} : { authorization: `Bearer ${await as.token()}` }),
      ...(json === undefined ? {} : { 'content-type': 'application/json' }),
      ...asked.headers,
    },
    ...(body === undefined ? {} : { body }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: parsed(text) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Writes bytes to the bus and gives back all that came until the connection ended, from the other side, within the budget. */
export function exchange(
  url: string,
  bytes: string,
  options: { end?: boolean; budgetMs?: number } = {},
): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    let got = ''
    const late = setTimeout(() => {
      socket.destroy()
      reject(new Error(`the connection was still open: ${got}`))
    }, options.budgetMs ?? 60_000)
    const done = (): void => {
      clearTimeout(late)
      socket.destroy()
      resolve(got)
    }
    socket.on('data', (chunk) => (got += chunk.toString()))
    socket.on('end', done)
    socket.on('close', done)
    socket.on('error', done)
    socket.write(bytes)
    if (options.end) socket.end()
  })
}
