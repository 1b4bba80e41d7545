import { createRequire } from 'node:module'
import type { Socket } from 'node:net'

import { EngineError } from '@unavez/engine'
import type { SASLOptions } from 'kafkajs'
import type { ConnectionOptions } from 'node:tls'

/** TLS and SASL as kafkajs takes them. */
export interface Security {
  readonly ssl?: boolean | ConnectionOptions
  readonly sasl?: SASLOptions
}

/** What we use of kafkajs's inside. It is frozen at 2.2.4; the start-up check refuses any other shape. */
export interface KafkaConnection {
  connect(): Promise<boolean>
  authenticate(): Promise<void>
  setVersions(versions: Record<number, { minVersion: number; maxVersion: number }>): void
  setSupportAuthenticationProtocol(supported: boolean): void
  send<T, Decoded>(protocol: {
    request: { apiKey: number; apiVersion: number; apiName: string; encode(): Promise<{ buf: Buffer; buffer: Buffer }> }
    response: { decode(payload: Buffer): Promise<Decoded>; parse(decoded: Decoded): Promise<T> }
    logResponseError: boolean
  }): Promise<T>
  rejectRequests(error: Error): void
  readonly requestQueue: { destroy(): void }
}

interface Logger {
  namespace(): Logger
  debug(): void
  info(): void
  warn(message: string): void
  error(): void
}

interface KafkaConnectionOptions {
  readonly host: string
  readonly port: number
  readonly clientId: string
  readonly connectionTimeout: number
  readonly requestTimeout: number
  readonly enforceRequestTimeout: false
  readonly socketFactory: (place: { host: string; port: number; ssl: unknown; onConnect: () => void }) => Socket
  readonly logger: Logger
  readonly ssl: Security['ssl'] | null
  readonly sasl: SASLOptions | null
}

interface RequestQueue {
  throttledUntil: number
  throttleCheckTimeoutId: NodeJS.Timeout | null
  readonly pending: readonly unknown[]
  checkPendingRequests(): void
}

export interface Kafkajs {
  readonly Connection: new (options: KafkaConnectionOptions) => KafkaConnection
  readonly crc32c: (bytes: Buffer) => number
}

const require = createRequire(import.meta.url)

/**
 * kafkajs re-arms a timer with a negative delay, that is every millisecond, on every connection: only when the broker
 * throttles and something waits is there anything to come back for.
 */
function scheduleOnlyWhenThrottled(this: RequestQueue): void {
  const wait = this.throttledUntil - Date.now()
  if (this.throttleCheckTimeoutId !== null || this.pending.length === 0 || wait <= 0) return
  this.throttleCheckTimeoutId = setTimeout(() => {
    this.throttleCheckTimeoutId = null
    this.checkPendingRequests()
  }, wait)
}

/** Loads the wire library, quiets its timer, and refuses with one sentence if its inside is not the one we know. */
export function loadKafkajs(): Kafkajs {
  try {
    const connection: Kafkajs['Connection'] = require('kafkajs/src/network/connection')
    const queue: { prototype: Record<string, unknown> } = require('kafkajs/src/network/requestQueue')
    const crc32c: Kafkajs['crc32c'] = require('kafkajs/src/protocol/recordBatch/crc32C')
    expectMethods(connection.prototype, ['connect', 'authenticate', 'setVersions', 'send', 'rejectRequests'])
    expectMethods(queue.prototype, ['scheduleCheckPendingRequests', 'checkPendingRequests'])
    queue.prototype['scheduleCheckPendingRequests'] = scheduleOnlyWhenThrottled
    // The checksum of "123456789" is in the definition of CRC-32C.
    if (crc32c(Buffer.from('123456789')) !== 0xe3069283) throw new Error('its CRC-32C computes something else')
    return { Connection: connection, crc32c }
  } catch (cause) {
    throw new EngineError('cannot-start', `The installed kafkajs is not 2.2.4 as expected: ${String(cause)}.`, {
      cause,
    })
  }
}

function expectMethods(prototype: object, names: readonly string[]): void {
  const missing = names.filter((name) => typeof Reflect.get(prototype, name) !== 'function')
  if (missing.length > 0) throw new Error(`${missing.join(', ')} missing`)
}
