import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const freshDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'unavez-embedded-'))

/** The process that appends until it is killed, and what it has told so far. */
export class Appender {
  readonly lines: string[] = []
  readonly #child: ChildProcess
  readonly #told: Promise<unknown>

  constructor(directory: string, round: number) {
    const program = fileURLToPath(new URL('appender.ts', import.meta.url))
    this.#child = spawn(process.execPath, [program, directory, String(round)], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, NODE_OPTIONS: '' },
    })
    const { stdout } = this.#child
    if (stdout === null) throw new Error('a child without output')
    const reader = createInterface(stdout)
    reader.on('line', (line) => this.lines.push(line))
    this.#told = once(reader, 'close')
  }

  get #isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Resolves once it has told so many lines; rejects if it ended before. */
  async has(count: number): Promise<void> {
    while (this.lines.length < count) {
      if (!this.#isRunning) throw new Error(`the appender ended with ${this.#child.exitCode}`)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  /** kill -9, then everything that it had told. A line cut in half was not told. */
  async kill(): Promise<readonly string[]> {
    if (this.#isRunning) {
      const ended = once(this.#child, 'exit')
      this.#child.kill('SIGKILL')
      await ended
    }
    await this.#told
    return this.lines
  }
}
