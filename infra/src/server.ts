import { type ChildProcess, spawn } from 'node:child_process'

export interface ServerCommand {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  /** What the server prints when it is ready. */
  readonly ready: string
  readonly startMsMax: number
}

export interface Server {
  readonly pid: number
  kill(signal?: NodeJS.Signals): Promise<void>
}

const outputMax = 8_000

/** Starts a server and waits for the line that says that it is ready; rejects with its last words otherwise. */
export function startServer(what: ServerCommand): Promise<Server> {
  // Detached, so that Ctrl-C reaches us alone and we end it in order.
  const child = spawn(what.command, what.args, { cwd: what.cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  return new Promise((resolve, reject) => {
    let output = ''
    const fail = (why: string): void => {
      clearTimeout(timer)
      child.kill('SIGKILL')
      reject(new Error(`${what.command} ${why}: ${output.trim().slice(-2_000)}`))
    }
    const timer = setTimeout(() => fail('was not ready in time'), what.startMsMax)
    const listen = (data: Buffer): void => {
      output = (output + data.toString()).slice(-outputMax)
      const { pid } = child
      if (!output.includes(what.ready) || pid === undefined) return
      clearTimeout(timer)
      resolve({ pid, kill: (signal = 'SIGKILL') => end(child, signal, exited) })
    }
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('error', (error) => fail(`could not be started (${error.message})`))
    child.once('exit', (code) => fail(`ended with code ${String(code)}`))
  })
}

async function end(child: ChildProcess, signal: NodeJS.Signals, exited: Promise<void>): Promise<void> {
  child.kill(signal)
  await exited
}
