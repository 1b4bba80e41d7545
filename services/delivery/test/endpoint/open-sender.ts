import { randomBytes } from 'node:crypto'

import type { Registers } from '@unavez/engine'
import { openPushSecrets } from '@unavez/exchange'
import { type EndpointAuth, makeWebhookKeyPair, makeWebhookSecret } from '@unavez/protocol'
import { openAddressGuard, openKeys, seal } from '@unavez/service-kit'

import type { Attempt, Recipient, Sender } from '../../src/endpoint/attempt.ts'
import type { CallWaits } from '../../src/endpoint/call.ts'
import { Endpoints } from '../../src/endpoint/endpoints.ts'
import type { Resolve } from '../../src/endpoint/resolve.ts'
import { openSender } from '../../src/endpoint/sender.ts'

interface More {
  readonly auth?: EndpointAuth
  readonly version?: number
  readonly ratePerMinute?: number
}

export interface SenderWorld {
  readonly sender: Sender
  /** Ends all of it. */
  close(): Promise<void>
  readonly signing: { readonly privateKey: string; readonly publicKey: string }
  readonly secret: string
  now: Date
  /** A subscription whose keys and auth are sealed where the bus keeps them. */
  subscription(url: string, more?: More): Recipient
  put(name: string, value: string): void
  readonly logged: string[]
}

export interface SenderWorldOptions {
  readonly networks?: readonly string[]
  readonly resolve?: Resolve
  readonly waits?: Partial<CallWaits>
}

const generous: CallWaits = { connectMs: 60_000, answerMs: 60_000, bodyMs: 60_000 }

/** The sender only reads what others have sealed. */
const registersOf = (values: ReadonlyMap<string, Buffer>): Registers => {
  const refuse = (): Promise<never> => Promise.reject(new Error('the sender writes no register'))
  return { get: (name) => Promise.resolve(values.get(name)), put: refuse, compareAndPut: refuse, destroy: refuse }
}

/** The sender alone, with its registers and counts in memory. */
export function openSenderWorld(options: SenderWorldOptions = {}): SenderWorld {
  const registers = new Map<string, Buffer>()
  const counts = new Map<string, number>()
  const keys = openKeys(randomBytes(32))
  const logged: string[] = []
  const put = (name: string, value: string): void =>
    void registers.set(name, seal(keys.of('registers'), name, Buffer.from(value)))
  const world = {
    now: new Date('2026-11-22T10:00:00Z'),
  }
  const count = (key: string, amount: number): Promise<number> => {
    const sum = (counts.get(key) ?? 0) + amount
    counts.set(key, sum)
    return Promise.resolve(sum)
  }
  const log = (_: object, message: string): number => logged.push(message)
  const secrets = openPushSecrets(registersOf(registers), keys.of('registers'))
  const endpoints = new Endpoints({
    secrets,
    guard: openAddressGuard(options.networks ?? ['127.0.0.0/8']),
    monotonic: () => performance.now(),
    resolve: options.resolve ?? (() => Promise.resolve([])),
    waits: { ...generous, ...options.waits },
  })
  const sender = openSender({
    surroundings: {
      engine: { volatile: { count } },
      clock: { now: () => world.now, monotonic: () => performance.now() },
      log: { info: log, warn: log, error: log },
      settings: { publicUrl: 'https://bus.gob.pa' },
    },
    endpoints,
    secrets,
  })
  const signing = makeWebhookKeyPair()
  const secret = makeWebhookSecret()
  put('push-key/sub_1/k1', signing.privateKey)
  put('push-key/sub_1/s1', secret)
  return Object.assign(world, {
    sender,
    signing,
    secret,
    put,
    logged,
    close: () => sender.close(),
    subscription(url: string, { auth, version = 1, ratePerMinute }: More = {}): Recipient {
      const sealed = `a${version}`
      if (auth !== undefined) put(`endpoint-auth/sub_1/${sealed}`, JSON.stringify(auth))
      return {
        id: 'sub_1',
        endpoint: {
          url,
          version,
          consented: true,
          ...(auth === undefined ? { auth: 'none' } : { auth: auth.kind, sealed }),
          ...(ratePerMinute === undefined ? {} : { ratePerMinute }),
        },
        keys: [
          { use: 'signing', sealed: 'k1', public: signing.publicKey },
          { use: 'secret', sealed: 's1' },
        ],
      }
    },
  })
}

export const attemptOf = (subscription: Recipient, webhookId = 'sub_1_0000001'): Attempt => ({
  subscription,
  webhookId,
  body: Buffer.from('{"specversion":"1.0","id":"e1","data":{"x":1}}'),
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
})

export const never = new AbortController().signal
