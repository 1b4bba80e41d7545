import { Agent as HttpAgent, type ClientRequest } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { LookupFunction } from 'node:net'
import type { Duplex } from 'node:stream'

import { endpointLimits } from './limits.ts'

/** Connections without a request, of all endpoints together. */
interface IdleCount {
  now: number
}

export interface ConnectionOptions {
  readonly protocol: string
  readonly lookup: LookupFunction
  readonly idle: IdleCount
  /** The bus's own certificate towards this endpoint. PEM. */
  readonly client?: { readonly certificate: string; readonly key: string }
}

/** The connections to one endpoint, as it stands in one version: kept open between requests, within the limits. */
export interface Connections {
  readonly agent: HttpAgent | HttpsAgent
  /** What is under way ends by itself; nothing is kept open after it. */
  retire(): void
}

export function openConnections({ protocol, lookup, idle, client }: ConnectionOptions): Connections {
  const options = {
    keepAlive: true,
    lookup,
    maxFreeSockets: endpointLimits.idle,
    timeout: endpointLimits.idleMs,
    ...(client === undefined ? {} : { cert: client.certificate, key: client.key }),
  }
  const agent = protocol === 'https:' ? new HttpsAgent({ ...options, minVersion: 'TLSv1.2' }) : new HttpAgent(options)
  let retired = false
  const seen = new WeakSet<Duplex>()
  const kept = new WeakSet<Duplex>()
  const keep = (socket: Duplex): unknown => HttpAgent.prototype.keepSocketAlive.call(agent, socket)
  // Node's own answer is whether the other side keeps it open too.
  agent.keepSocketAlive = (socket: Duplex): boolean => {
    if (retired || idle.now >= endpointLimits.idleInAll || keep(socket) === false) return false
    if (!seen.has(socket)) socket.once('close', () => leave(socket))
    seen.add(socket)
    kept.add(socket)
    idle.now += 1
    return true
  }
  agent.reuseSocket = (socket: Duplex, request: ClientRequest): void => {
    leave(socket)
    HttpAgent.prototype.reuseSocket.call(agent, socket, request)
  }
  return {
    agent,
    retire() {
      retired = true
      for (const sockets of Object.values(agent.freeSockets)) for (const socket of sockets ?? []) socket.destroy()
    },
  }

  function leave(socket: Duplex): void {
    if (kept.delete(socket)) idle.now -= 1
  }
}
