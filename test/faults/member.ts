import { type ChildProcess, spawn } from 'node:child_process'

import { freePorts } from '@unavez/infra'

import type { Environment } from '../setup/bus.ts'
import type { Started } from '../setup/ready.ts'
import { untilReady } from '../setup/ready.ts'

const outputMax = 200_000

/** One process of the bus, with every service, that can be killed and started again where it was. */
export interface Member {
  readonly url: string
  readonly pid: number
  readonly output: () => string
  /** SIGKILL; returns when the process is gone. */
  kill(): Promise<void>
  /** Starts it again on its port and its data; returns when it says that it is ready. */
  start(): Promise<void>
}

export async function startMember(environment: Environment): Promise<Member> {
  const [port = 0] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | undefined
  let output = ''
  const hear = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-outputMax))
  const kill = async (): Promise<void> => {
    const running = child
    child = undefined
    if (running !== undefined) await ended(running)
  }
  // However this run ends, it leaves no process behind.
  process.once('exit', () => child?.kill('SIGKILL'))
  const start = async (): Promise<void> => {
    const begun = spawn(process.execPath, ['services/host/src/main.ts'], {
      env: { PATH: process.env['PATH'] ?? '', ...environment, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child = begun
    begun.stdout.on('data', hear)
    begun.stderr.on('data', hear)
    const over = new Promise<never>((_, reject) =>
      begun.once('exit', (code) => reject(new Error(`it ended with ${String(code)}`))),
    )
    over.catch(() => undefined)
    await Promise.race([untilReady(url), over]).catch(async (error: unknown) => {
      await kill()
      throw new Error(`${String(error)}\n${output.slice(-2_000)}`)
    })
  }
  await start()
  return {
    url,
    get pid() {
      return child?.pid ?? 0
    },
    output: () => output,
    kill,
    start,
  }
}

/** The members as what `openBus` wants. */
export const startedAs = (members: readonly Member[]): Started => ({
  url: members[0]?.url ?? '',
  processes: members.map(({ url }) => url),
  output: () => members.map(({ output }) => output()).join('\n'),
  close: async () => {
    await Promise.all(members.map((member) => member.kill()))
  },
})

function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}
