import { EngineError, isEngineError, limits } from '@unavez/engine'
import type { ViewStore, Volatile } from '@unavez/engine'
import { Redis } from 'ioredis'

import type { RedisLink } from './redis-link.ts'
import { openScripts } from './scripts.ts'
import { openViews } from './views.ts'
import { openVolatile } from './volatile.ts'

export interface RedisOptions {
  /** `redis://[user:password@]host:port[/db]`, or `rediss://` for TLS. */
  readonly url: string
  /** In front of every key. */
  readonly prefix: string
  /** How long a write to the log may still land after a loss: the append budget. Milliseconds. */
  readonly settleMs?: number
  /** How long Redis may say nothing while something is asked of it. Milliseconds. */
  readonly silenceMs?: number
}

export interface RedisHalf {
  readonly views: ViewStore
  readonly volatile: Volatile
  ailments(): readonly string[]
  close(): Promise<void>
}

const silenceMs = 3_000
const connectMs = 5_000
/** After this a connection that does not end by itself is cut. */
const endMs = 200
const reconnectMsMax = 1_000
/** Calls under way at once; more are refused, so that a slow Redis can't fill the memory. */
const callsMax = 50_000

/** Rejects 'cannot-start' if Redis can't be reached, is a cluster, or forgets keys when its memory is full. */
export async function openRedis(options: RedisOptions): Promise<RedisHalf> {
  const where = hostOf(options.url)
  const redis = new Redis(options.url, {
    lazyConnect: true,
    enableAutoPipelining: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: connectMs,
    disconnectTimeout: endMs,
    socketTimeout: options.silenceMs ?? silenceMs,
    retryStrategy: (times) => Math.min(times * 50, reconnectMsMax),
    // A replica that was the primary a moment ago: look again for the primary.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
  })
  let trouble: string | undefined
  redis.on('error', (error: Error) => (trouble = wordsOf(error)))
  redis.on('ready', () => (trouble = undefined))
  try {
    await redis.connect()
    const refusal = unfit(await redis.info())
    if (refusal !== undefined) throw new EngineError('cannot-start', `Redis at ${where} ${refusal}`)
  } catch (error) {
    redis.disconnect()
    if (isEngineError(error)) throw error
    const why = trouble ?? wordsOf(error)
    throw new EngineError('cannot-start', `Redis at ${where} can't be reached: ${why}`, { cause: error })
  }
  const link = linkTo(redis, options.prefix)
  const scripts = openScripts(redis)
  return {
    views: openViews(link, scripts),
    volatile: openVolatile(link, scripts, options.settleMs ?? limits.appendBudgetMs),
    ailments: () =>
      redis.status === 'ready'
        ? []
        : [`Redis at ${where} can't be reached${trouble === undefined ? '' : `: ${trouble}`}.`],
    async close() {
      link.end()
      await link.idle()
      redis.disconnect()
    },
  }
}

/** Without user and password, which belong in no message. */
function hostOf(url: string): string {
  const { protocol, host } = URL.parse(url) ?? { protocol: '', host: '' }
  if (host !== '' && (protocol === 'redis:' || protocol === 'rediss:')) return host
  throw new EngineError('cannot-start', 'The address of Redis is written redis://host:port (rediss:// for TLS).')
}

/** A failure to reach any of several addresses has no message of its own. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return wordsOf(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}

/** Why this Redis can't hold views; undefined if it can. */
function unfit(info: string): string | undefined {
  const of = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1]
  if (of('cluster_enabled') === '1')
    return 'is a cluster: a view and its checkpoint must be written together, on one server.'
  if ((of('maxmemory') ?? '0') !== '0' && (of('maxmemory_policy') ?? 'noeviction') !== 'noeviction')
    return `drops keys when its memory is full (maxmemory-policy ${of('maxmemory_policy')}): set it to noeviction.`
  return undefined
}

function linkTo(redis: Redis, prefix: string): RedisLink & { end(): void; idle(): Promise<void> } {
  const calls = new Set<Promise<unknown>>()
  let closed = false
  let server: Promise<string> | undefined
  redis.on('close', () => (server = undefined))

  const ask = async <Answer>(call: () => Promise<Answer>): Promise<Answer> => {
    if (closed) throw new EngineError('closed', 'The engine is closed.')
    if (calls.size >= callsMax) throw new EngineError('unavailable', 'Redis is too slow: too many calls wait for it.')
    const running = call()
    calls.add(running)
    try {
      return await running
    } catch (error) {
      if (isEngineError(error)) throw error
      throw new EngineError('unavailable', 'Redis does not answer.', { cause: error })
    } finally {
      calls.delete(running)
    }
  }
  return {
    redis,
    prefix,
    ask,
    server: () =>
      (server ??= redis.info('server').then(
        (info) => /^run_id:(\w+)/m.exec(info)?.[1] ?? '',
        (error: unknown) => {
          server = undefined
          throw error
        },
      )),
    end: () => (closed = true),
    idle: async () => {
      await Promise.allSettled(calls)
    },
  }
}
