import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

import { describe, expect, test } from '@jest/globals'

import { findKafka, findRedis, hasRedisServer, startRedis } from '../src/index.ts'

const index = join(import.meta.dirname, '../src/index.ts')

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('finding servers', () => {
  test('what the environment names is taken as it is, and left alone', async () => {
    const kafka = await findKafka({ KAFKA_BROKERS: 'a:1,b:2' })
    const redis = await findRedis({ REDIS_URL: 'redis://c:3' })
    expect(kafka).toMatchObject({ brokers: ['a:1', 'b:2'], origin: 'KAFKA_BROKERS' })
    expect(redis).toMatchObject({ url: 'redis://c:3', origin: 'REDIS_URL' })
  })
})

if (await hasRedisServer())
  describe('a server that was started', () => {
    test('dies with the process that started it, however that ends, and leaves nothing behind', async () => {
      const script = `const { startRedis } = await import(${JSON.stringify(index)})
      const redis = await startRedis()
      console.log(redis.pid)
      setInterval(() => {}, 1000)`
      const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const [output] = await once(child.stdout, 'data')
      const pid = Number(String(output))
      expect(isRunning(pid)).toBe(true)
      const folder = execFileSync('sh', ['-c', `readlink /proc/${pid}/cwd || true`], { encoding: 'utf8' }).trim()
      child.kill('SIGKILL')
      const until = Date.now() + 20_000
      while ((isRunning(pid) || existsSync(folder)) && Date.now() < until) await pause(20)
      expect(isRunning(pid)).toBe(false)
      expect(existsSync(folder)).toBe(false)
    })

    test('can be killed, started again where it was, emptied and stopped', async () => {
      const redis = await startRedis()
      const { pid, url } = redis
      await redis.kill()
      expect(isRunning(pid)).toBe(false)
      await redis.start()
      expect(redis.url).toBe(url)
      expect(redis.pid).not.toBe(pid)
      await redis.flush()
      await redis.stop()
      expect(redis.pid).toBe(0)
    })
  })
