import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { freePorts } from './ports.ts'
import { startReaper } from './reaper.ts'
import { type Server, startServer } from './server.ts'

export interface LocalRedis {
  readonly url: string
  readonly pid: number
  /** Forgets everything, as a loss does. */
  flush(): Promise<void>
  kill(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

const flush = (port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => socket.write('FLUSHALL\r\n'))
    socket.setTimeout(10_000, () => socket.destroy(new Error('Redis did not answer in 10 s.')))
    socket.once('error', reject)
    socket.once('data', (answer) => {
      socket.destroy()
      if (answer.toString().startsWith('+OK')) resolve()
      else reject(new Error(`Redis refused to flush: ${answer.toString()}`))
    })
  })

export const hasRedisServer = (): Promise<boolean> =>
  promisify(execFile)('redis-server', ['--version']).then(
    () => true,
    () => false,
  )

/** A `redis-server` from PATH on a free port of 127.0.0.1, nothing kept on disk. It dies with this process. */
export async function startRedis(): Promise<LocalRedis> {
  const directory = await mkdtemp(join(tmpdir(), 'unavez-redis-'))
  const reaper = startReaper(directory)
  const [port = 0] = await freePorts(1)
  let server: Server | undefined
  const start = async (): Promise<void> => {
    server ??= await startServer({
      command: 'redis-server',
      args: ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      cwd: directory,
      ready: 'Ready to accept connections',
      startMsMax: 30_000,
    })
    reaper.watch([server.pid])
  }
  const kill = async (): Promise<void> => {
    const running = server
    server = undefined
    await running?.kill()
  }
  const stop = async (): Promise<void> => {
    await kill()
    await rm(directory, { recursive: true, force: true })
    reaper.dismiss()
  }
  try {
    await start()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    get pid() {
      return server?.pid ?? 0
    },
    flush: () => flush(port),
    kill,
    start,
    stop,
  }
}
