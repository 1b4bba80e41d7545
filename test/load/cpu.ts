import { readFileSync } from 'node:fs'

const ticksPerSecond = 100

/** Seconds of CPU, user and system, that processes with all their threads have used so far. From Linux's /proc; NaN elsewhere. */
export function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + one(pid), 0)
}

function one(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
  } catch {
    return NaN
  }
}
