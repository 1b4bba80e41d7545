import { randomUUID } from 'node:crypto'

import { EngineError } from '@unavez/engine'
import type { Memory, NewClaim, Volatile } from '@unavez/engine'

import type { RedisLink } from './redis-link.ts'
import type { RunScript } from './scripts.ts'
import { inChunks } from './chunks.ts'

/**
 * KEYS: memory. ARGV: the server's run id, a new id. The memory is a hash {id, since, run}; it vanishes with a flush, and a
 * server that was started again or took over from another one may have lost the last claims: both begin a new memory.
 */
const rememberLua = `
local memory = redis.call('HMGET', KEYS[1], 'id', 'since', 'run')
if memory[3] ~= ARGV[1] then
  local time = redis.call('TIME')
  memory = {ARGV[2], string.format('%d', time[1] * 1000 + math.ceil(time[2] / 1000))}
  redis.call('HSET', KEYS[1], 'id', memory[1], 'since', memory[2], 'run', ARGV[1])
end`

const memoryScript = `${rememberLua}
return {memory[1], memory[2]}`

/** KEYS: memory, claim... ARGV: run id, new id, then per claim its value and milliseconds. Answers the memory, then what each claim holds. */
const claimScript = `${rememberLua}
local answer = {memory[1], memory[2]}
for i = 2, #KEYS do
  local held = redis.call('GET', KEYS[i])
  if not held then redis.call('SET', KEYS[i], ARGV[2 * i - 1], 'PX', ARGV[2 * i]) end
  answer[i + 1] = held
end
return answer`

/** Claims in one call: Redis does nothing else meanwhile. */
const claimsPerCall = 200

/** KEYS: counter. ARGV: amount, milliseconds. */
const countScript = `
local sum = redis.call('INCRBY', KEYS[1], ARGV[1])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return sum`

export function openVolatile(link: RedisLink, run: RunScript, settleMs: number): Volatile {
  const { redis, prefix, ask } = link
  const memoryKey = `${prefix}memory`
  const remember = async (lua: string, keys: readonly string[], args: readonly (string | number | Buffer)[]) =>
    run(lua, [memoryKey, ...keys], [await link.server(), randomUUID(), ...args])

  const claimSome = async (claims: readonly NewClaim[], ttlMs: number) => {
    const keys = claims.map(({ key }) => `${prefix}claim:${key}`)
    const args = claims.flatMap(({ value }) => [value, wholeMs(ttlMs)])
    const answer = await remember(claimScript, keys, args)
    const values: readonly unknown[] = Array.isArray(answer) ? answer.slice(2) : []
    return { held: claims.map((_, i) => asBuffer(values[i]) ?? null), memory: memoryOf(answer) }
  }

  const claimMany = async (claims: readonly NewClaim[], ttlMs: number) => {
    const answers = await Promise.all(inChunks(claims, claimsPerCall).map((chunk) => claimSome(chunk, ttlMs)))
    const [first] = answers
    if (first === undefined) return { held: [], memory: memoryOf(await remember(memoryScript, [], [])) }
    if (answers.some(({ memory }) => memory.id !== first.memory.id))
      throw new EngineError('unavailable', 'Redis lost its claims while it was asked for more of them.')
    return { held: answers.flatMap(({ held }) => held), memory: first.memory }
  }

  return {
    settleMs,
    claim: (key, value, { ttlMs }) =>
      ask(async () => {
        const { held, memory } = await claimSome([{ key, value }], ttlMs)
        return { held: held[0] ?? null, memory }
      }),
    claimMany: (claims, { ttlMs }) => ask(() => claimMany(claims, ttlMs)),
    get: (key) => ask(async () => (await redis.getBuffer(`${prefix}claim:${key}`)) ?? undefined),
    count: (key, amount, ttlMs) =>
      ask(async () => Number(await run(countScript, [`${prefix}count:${key}`], [amount, wholeMs(ttlMs)]))),
    memory: () => ask(async () => memoryOf(await remember(memoryScript, [], []))),
  }
}

const asBuffer = (value: unknown): Buffer | undefined => (Buffer.isBuffer(value) ? value : undefined)

/** Redis refuses a time to live of 0 and fractions. */
const wholeMs = (ms: number) => Math.max(1, Math.ceil(ms))

function memoryOf(answer: unknown): Memory {
  const [id, since]: unknown[] = Array.isArray(answer) ? answer : []
  if (!Buffer.isBuffer(id) || !Buffer.isBuffer(since))
    throw new EngineError('unavailable', 'Redis answered a claim with something else.')
  return { id: id.toString(), since: new Date(Number(since.toString())) }
}
