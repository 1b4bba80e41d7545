import { type ChildProcess, spawn } from 'node:child_process'

/** A program that was started: what it has printed so far, and how it ended. */
export interface Running {
  readonly child: ChildProcess
  readonly out: () => string
  readonly err: () => string
  /** The exit code; null if a signal ended it. */
  readonly ended: Promise<number | null>
  /** Resolves with the first match in what it prints; rejects when it ends without one. */
  until(pattern: RegExp): Promise<RegExpExecArray>
}

/** Starts programs and ends those that are left. */
export class Programs {
  readonly #running: Running[] = []

  /** The host, with these variables alone, from the repository's root. */
  host(environment: Readonly<Record<string, string>>, ...services: readonly string[]): Running {
    return this.run(process.execPath, ['services/host/src/main.ts', ...services], environment)
  }

  run(command: string, args: readonly string[], environment: Readonly<Record<string, string>>): Running {
    const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...environment }
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const told = { out: '', err: '' }
    child.stdout.on('data', (chunk: Buffer) => (told.out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (told.err += chunk.toString()))
    const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
    const running: Running = {
      child,
      ended,
      out: () => told.out,
      err: () => told.err,
      until: (pattern) =>
        new Promise((resolve, reject) => {
          const look = (): void => {
            const found = pattern.exec(told.out)
            if (found !== null) resolve(found)
          }
          child.stdout.on('data', look)
          look()
          void ended.then((code) => reject(new Error(`ended with ${code}: ${told.out}${told.err}`)))
        }),
    }
    this.#running.push(running)
    return running
  }

  async close(): Promise<void> {
    const left = this.#running.splice(0).filter(({ child }) => child.exitCode === null && child.signalCode === null)
    left.forEach(endGroup)
    await Promise.all(left.map(({ ended }) => ended))
  }
}

/** SIGTERM to a program and all that it started: npm and its shell pass on no signal, as a terminal would. */
export function endGroup({ child }: Running): void {
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM')
}
