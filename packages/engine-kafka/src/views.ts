import { randomUUID } from 'node:crypto'

import { EngineError } from '@unavez/engine'
import type { Checkpoint, ViewChange, ViewKey, ViewStore } from '@unavez/engine'

import { inChunks } from './chunks.ts'
import type { RedisLink } from './redis-link.ts'
import type { RunScript } from './scripts.ts'

/**
 * One list = a hash `rows` (sort → value), so that a look-up is one command, and a sorted set `order` (every score 0, so
 * Redis keeps it by the bytes of `sort`). Checkpoints of all sources are one hash. The length in front of a view's name
 * keeps (`a:b`, `c`) and (`a`, `b:c`) apart.
 */
const rowsKey = (prefix: string, { view, partition }: Omit<ViewKey, 'sort'>) =>
  `${prefix}rows:${view.length}:${view}:${partition}`
const orderKey = (prefix: string, { view, partition }: Omit<ViewKey, 'sort'>) =>
  `${prefix}order:${view.length}:${view}:${partition}`

/** Changes in one script call; more are laid down in pieces first, so that no command grows without end. */
const changesPerCall = 2_000
const bytesPerCall = 4_000_000
/** What a crashed writer laid down vanishes after this. */
const pieceMs = 60_000
/** Rows looked up in one call. */
const rowsPerCall = 500
/** Rows in one answer of `list`. */
const rowsMax = 10_000

/** KEYS: checkpoints, piece... ARGV: source, from, next, then the last piece: per change rows, order, sort, put, value. */
const writeScript = `
local at = redis.call('HGET', KEYS[1], ARGV[1]) or '0'
if at ~= ARGV[2] then
  for k = 2, #KEYS do redis.call('DEL', KEYS[k]) end
  return at
end
local function apply(c, first)
  for i = first, #c, 5 do
    if c[i + 3] == '1' then
      redis.call('HSET', c[i], c[i + 2], c[i + 4])
      redis.call('ZADD', c[i + 1], 0, c[i + 2])
    else
      redis.call('HDEL', c[i], c[i + 2])
      redis.call('ZREM', c[i + 1], c[i + 2])
    end
  end
end
for k = 2, #KEYS do
  apply(redis.call('LRANGE', KEYS[k], 0, -1), 1)
  redis.call('DEL', KEYS[k])
end
apply(ARGV, 4)
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 'ok'`

/** KEYS: piece. ARGV: milliseconds, then the piece. In portions, because Lua hands over at most some thousand values at once. */
const pieceScript = `
for i = 2, #ARGV, 5 do redis.call('RPUSH', KEYS[1], ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return #ARGV`

/** KEYS: rows, order. ARGV: command, start, end, limit. Answers sort, value, sort, value, … */
const listScript = `
local sorts = redis.call(ARGV[1], KEYS[2], ARGV[2], ARGV[3], 'LIMIT', 0, ARGV[4])
local answer = {}
for i, sort in ipairs(sorts) do
  answer[2 * i - 1] = sort
  answer[2 * i] = redis.call('HGET', KEYS[1], sort)
end
return answer`

export function openViews({ redis, prefix, ask }: RedisLink, run: RunScript): ViewStore {
  const checkpoints = `${prefix}checkpoints`

  const write = async (changes: readonly ViewChange[], { source, from, next }: Checkpoint) => {
    const pieces = inPieces(changes)
    const last = pieces.pop() ?? []
    const keys: string[] = []
    for (const piece of pieces) {
      const key = `${prefix}piece:${randomUUID()}`
      await run(pieceScript, [key], [pieceMs, ...argumentsOf(prefix, piece)])
      keys.push(key)
    }
    const answer = String(
      await run(writeScript, [checkpoints, ...keys], [source, from, next, ...argumentsOf(prefix, last)]),
    )
    if (answer !== 'ok')
      throw new EngineError(
        'checkpoint-moved',
        `${source} stands at ${answer}, not at ${from}: somebody else wrote, or Redis lost it.`,
      )
  }

  const getSome = async (keys: readonly ViewKey[]) => {
    const lists = new Map<string, { readonly sorts: string[]; readonly places: number[] }>()
    for (const [place, key] of keys.entries()) {
      const rows = rowsKey(prefix, key)
      const list = lists.get(rows) ?? { sorts: [], places: [] }
      lists.set(rows, list)
      list.sorts.push(key.sort)
      list.places.push(place)
    }
    const found: (Buffer | undefined)[] = keys.map(() => undefined)
    const asked = [...lists].map(async ([rows, { sorts, places }]) => {
      for (const [i, value] of (await redis.hmgetBuffer(rows, ...sorts)).entries())
        found[places[i] ?? 0] = value ?? undefined
    })
    await Promise.all(asked)
    return found
  }

  const getMany = async (keys: readonly ViewKey[]) => {
    const found = await Promise.all(inChunks(keys, rowsPerCall).map(getSome))
    return found.flat()
  }

  return {
    get: (key) => ask(async () => (await redis.hgetBuffer(rowsKey(prefix, key), key.sort)) ?? undefined),
    getMany: (keys) => ask(() => getMany(keys)),
    list: (list, { from, limit, reverse = false }) =>
      ask(async () => {
        const start = from === undefined ? (reverse ? '+' : '-') : `[${from}`
        const command = reverse ? 'ZREVRANGEBYLEX' : 'ZRANGEBYLEX'
        const answer = await run(
          listScript,
          [rowsKey(prefix, list), orderKey(prefix, list)],
          [command, start, reverse ? '-' : '+', Math.min(Math.max(limit, 0), rowsMax)],
        )
        return pairs(answer)
      }),
    write: (changes, checkpoint) => ask(() => write(changes, checkpoint)),
    checkpoint: (source) => ask(async () => Number((await redis.hget(checkpoints, source)) ?? 0)),
  }
}

function inPieces(changes: readonly ViewChange[]): (readonly ViewChange[])[] {
  const pieces: ViewChange[][] = []
  let bytes = Infinity
  for (const change of changes) {
    const piece = pieces.at(-1)
    const size = change.value?.length ?? 0
    if (piece === undefined || piece.length >= changesPerCall || bytes + size > bytesPerCall) {
      pieces.push([change])
      bytes = size
    } else {
      piece.push(change)
      bytes += size
    }
  }
  return pieces
}

function argumentsOf(prefix: string, changes: readonly ViewChange[]): (string | Buffer)[] {
  return changes.flatMap((change) => [
    rowsKey(prefix, change),
    orderKey(prefix, change),
    change.sort,
    change.value === null ? '0' : '1',
    change.value ?? '',
  ])
}

function pairs(answer: unknown): { sort: string; value: Buffer }[] {
  if (!Array.isArray(answer)) return []
  const rows: { sort: string; value: Buffer }[] = []
  for (let i = 0; i + 1 < answer.length; i += 2) {
    const [sort, value]: unknown[] = [answer[i], answer[i + 1]]
    if (Buffer.isBuffer(sort) && Buffer.isBuffer(value)) rows.push({ sort: sort.toString(), value })
  }
  return rows
}
