import { connect as connectPlain, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'

import { apiVersions, type Call } from './calls.ts'
import { Reader } from './bytes.ts'
import type { KafkaConnection, Kafkajs, Security } from './kafkajs.ts'

export interface Address {
  readonly host: string
  readonly port: number
}

export interface LinkOptions {
  readonly kafkajs: Kafkajs
  readonly clientId: string
  readonly security: Security
  readonly connectMsMax: number
}

/** The connection failed, was cut, timed out or answered something odd. What a request under way did is not known. */
export class LinkError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause })
    this.name = 'LinkError'
  }
}

const keepAliveMs = 30_000

function openSocket(address: Address, security: Security, onConnect: () => void): Socket {
  const { ssl } = security
  const tls: ConnectionOptions = {
    ...address,
    ...(isIP(address.host) === 0 ? { servername: address.host } : {}),
    ...(typeof ssl === 'object' ? ssl : {}),
  }
  const socket = ssl === undefined || ssl === false ? connectPlain(address, onConnect) : connectTls(tls, onConnect)
  // kafkajs's own factory leaves Nagle on: with it, a small request behind another waits for an acknowledgement.
  return socket.setNoDelay(true).setKeepAlive(true, keepAliveMs)
}

/** One connection to one broker. Whatever is odd about it destroys it; it is never used again afterwards. */
export class Link {
  /** What the broker can do: the highest version of each API. */
  versions: ReadonlyMap<number, { readonly min: number; readonly max: number }> = new Map()
  readonly address: Address
  readonly #connection: KafkaConnection
  #socket: Socket | undefined
  #dead: LinkError | undefined
  readonly #underWay = new Set<(error: LinkError) => void>()

  private constructor(address: Address, options: LinkOptions) {
    this.address = address
    const quiet = (): void => {}
    const logger = {
      namespace: () => logger,
      debug: quiet,
      info: quiet,
      error: quiet,
      warn: (why: string) => this.destroy(why),
    }
    this.#connection = new options.kafkajs.Connection({
      ...address,
      clientId: options.clientId,
      connectionTimeout: options.connectMsMax,
      requestTimeout: options.connectMsMax,
      enforceRequestTimeout: false,
      logger,
      ssl: options.security.ssl ?? null,
      sasl: options.security.sasl ?? null,
      socketFactory: ({ onConnect }) => {
        this.#socket = openSocket(address, options.security, onConnect)
        return this.#socket.once('close', () => this.destroy('the connection was closed'))
      },
    })
  }

  /** Connects, learns the broker's versions and signs in. Rejects with a LinkError. */
  static async open(address: Address, options: LinkOptions): Promise<Link> {
    const link = new Link(address, options)
    const connect = async (): Promise<void> => {
      await link.#connection.connect()
      // Before sign-in, and once per connection: brokers of one cluster may differ while they are upgraded.
      link.versions = await link.#send(apiVersions())
      const versions = [...link.versions].map(([key, { min, max }]) => [key, { minVersion: min, maxVersion: max }])
      link.#connection.setVersions(Object.fromEntries(versions))
      link.#connection.setSupportAuthenticationProtocol(true)
      await link.#connection.authenticate()
    }
    await link.#within(options.connectMsMax, connect)
    return link
  }

  get alive(): boolean {
    return this.#dead === undefined
  }

  /** One request, one answer; the broker answers the requests of one connection one after the other. Rejects with a LinkError. */
  send<T>(call: Call<T>, timeoutMs: number): Promise<T> {
    return this.#within(timeoutMs, () => this.#send(call))
  }

  destroy(why = 'closed by us'): void {
    if (this.#dead !== undefined) return
    const { host, port } = this.address
    this.#dead = new LinkError(`${host}:${port}: ${why}`)
    this.#connection.rejectRequests(this.#dead)
    this.#connection.requestQueue.destroy()
    this.#socket?.destroy()
    for (const reject of this.#underWay) reject(this.#dead)
  }

  #send<T>(call: Call<T>): Promise<T> {
    const { apiKey, apiVersion, apiName, body, read } = call
    return this.#connection.send({
      request: { apiKey, apiVersion, apiName, encode: () => Promise.resolve({ buf: body, buffer: body }) },
      response: {
        decode: (payload) => Promise.resolve(new Reader(payload)),
        parse: (reader) => Promise.resolve(read(reader)),
      },
      logResponseError: false,
    })
  }

  async #within<T>(timeoutMs: number, work: () => Promise<T>): Promise<T> {
    if (this.#dead !== undefined) throw this.#dead
    const timer = setTimeout(() => this.destroy(`no answer in ${timeoutMs} ms`), timeoutMs)
    // kafkajs's connect() does not settle when the socket is destroyed under it.
    const ended = Promise.withResolvers<never>()
    this.#underWay.add(ended.reject)
    try {
      return await Promise.race([work(), ended.promise])
    } catch (error) {
      this.destroy(error instanceof Error ? error.message : String(error))
      throw error instanceof LinkError ? error : (this.#dead ?? new LinkError(String(error), error))
    } finally {
      clearTimeout(timer)
      this.#underWay.delete(ended.reject)
    }
  }
}
