import { spawn } from 'node:child_process'

/** Ends servers and removes their directory when this process dies in whatever way. */
export interface Reaper {
  watch(pids: readonly number[]): void
  /** Call after an orderly end: nothing is left to do. */
  dismiss(): void
}

// Its standard input is a pipe that only we hold: it ends when we do, however we end.
const script = 'pids=; while read -r line; do pids=$line; done; kill -9 $pids 2>/dev/null; rm -rf "$1"'

export function startReaper(directory: string): Reaper {
  const child = spawn('sh', ['-c', script, 'reaper', directory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  child.on('error', () => {})
  child.stdin.on('error', () => {})
  child.unref()
  return {
    watch: (pids) => void child.stdin.write(`${pids.join(' ')}\n`),
    dismiss: () => {
      child.kill('SIGKILL')
      child.stdin.destroy()
    },
  }
}
