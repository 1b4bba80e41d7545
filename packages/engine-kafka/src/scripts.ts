import { createHash } from 'node:crypto'

import type { Redis } from 'ioredis'

/** A Lua script by its text; Redis runs each one alone, so it is all or nothing for everybody else. */
export type RunScript = (
  lua: string,
  keys: readonly string[],
  args: readonly (string | number | Buffer)[],
) => Promise<unknown>

/** ioredis has these two (answers as bytes, not as text); its types leave them out. */
interface ScriptCalls {
  evalshaBuffer(hash: string, keys: number, ...args: (string | number | Buffer)[]): Promise<unknown>
  evalBuffer(lua: string, keys: number, ...args: (string | number | Buffer)[]): Promise<unknown>
}

/** Sends a script's hash, and its text only when Redis does not know it (a start, a fail-over, a flush). */
export function openScripts(client: Redis): RunScript {
  const redis = client as Redis & ScriptCalls
  const hashes = new Map<string, string>()
  const hashOf = (lua: string) => {
    const known = hashes.get(lua)
    if (known !== undefined) return known
    const hash = createHash('sha1').update(lua).digest('hex')
    hashes.set(lua, hash)
    return hash
  }
  return async (lua, keys, args) => {
    const all = [...keys, ...args]
    try {
      return await redis.evalshaBuffer(hashOf(lua), keys.length, ...all)
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
      return redis.evalBuffer(lua, keys.length, ...all)
    }
  }
}
