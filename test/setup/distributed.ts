import { type ChildProcess, spawn } from 'node:child_process'
import { createServer, request as httpRequest, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { services } from '@unavez/host'

import { type Started, untilReady } from './ready.ts'

interface Running {
  readonly name: string
  readonly child: ChildProcess
  readonly url: string
  readonly routes: readonly { readonly method: string; readonly url: string }[]
  output: string
}

/** One process per service, and in front of them the smallest proxy that follows the route table which each one prints. */
export async function startDistributed(environment: Record<string, string>): Promise<Started> {
  const names = services.map((service) => service.name).filter((name) => name !== 'sandbox')
  const running = await Promise.all(names.map((name) => startOne(name, environment)))
  await Promise.all(running.map(({ url }) => untilReady(url)))
  const proxy = await startProxy(running)
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
    processes: running.map(({ url }) => url),
    output: () => running.map(({ output }) => output).join('\n'),
    close: async () => {
      proxy.closeAllConnections()
      await new Promise((resolve) => proxy.close(resolve))
      await Promise.all(running.map(({ child }) => stop(child)))
    },
  }
}

export function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve(child.exitCode)
    child.once('exit', (code) => resolve(code))
    child.kill(signal)
  })
}

function startOne(name: string, environment: Record<string, string>): Promise<Running> {
  const child = spawn(process.execPath, ['services/host/src/main.ts', name], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return new Promise((resolve, reject) => {
    let started: Running | undefined
    let told = ''
    const hear = (chunk: Buffer): void => {
      told += chunk.toString()
      if (started !== undefined) started.output = told
      const url = /listens on (\S+)/.exec(told)?.[1]
      const routes = [...told.matchAll(/^ {2}(\S+)\s+(GET|POST|PUT|PATCH|DELETE)\s+(\S+)$/gm)]
      if (started !== undefined || url === undefined) return
      started = {
        name,
        child,
        url,
        output: told,
        routes: routes.map(([, , method = '', path = '']) => ({ method, url: path })),
      }
      resolve(started)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code}: ${told}`)))
  })
}

function startProxy(running: readonly Running[]): Promise<Server> {
  const table = running.flatMap(({ url, routes }) =>
    routes.map((route) => ({ to: new URL(url), method: route.method, pattern: patternOf(route.url) })),
  )
  const server = createServer((request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    const fits = table.filter(({ pattern }) => pattern.test(path))
    const to = (fits.find(({ method }) => method === request.method) ?? fits[0] ?? table[0])?.to
    const forwarded = httpRequest({
      host: to?.hostname,
      port: to?.port,
      method: request.method,
      path: request.url,
      headers: request.headers,
    })
    forwarded.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    // An answer may come before the whole request was sent; then the rest of it is refused, and the answer still counts.
    forwarded.on('error', () => !response.headersSent && response.destroy())
    response.on('close', () => forwarded.destroy())
    request.pipe(forwarded)
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

/** `/v1/agreements/:id/approve` → what it matches; the more literal segments win by standing first in the table. */
const patternOf = (url: string): RegExp =>
  new RegExp(`^${url.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll(/:[A-Za-z]+/g, '[^/]+')}$`)
