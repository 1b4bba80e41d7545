import { Policy } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { readControlMessage, type Surroundings } from '@unavez/service-kit'

const controlPartition = { topic: 'control', partition: 0 } as const

const pastPolicyLimits = {
  /** Folds that wait for their turn: they are rare, and each may read all of `control`. */
  waiting: 16,
  pageMessages: 1000,
  pageBytes: 4 * 1024 * 1024,
  /** How long an offset that this replica has not reached yet is waited for. Milliseconds. */
  reachMs: 1000,
} as const

/** Runs `use` on the policy as it stood at a control offset. `use` keeps nothing of it: the next one folds on. */
export type PastPolicies = <T>(offset: number, use: (policy: Policy) => T) => Promise<T>

/**
 * The fold of `control` up to an offset, so that a decision can be recomputed at any time. The last fold is kept and
 * folded on; one runs at a time. Refuses 'overloaded', and 'unavailable' for an offset that this replica has not reached.
 */
export function openPastPolicies({ engine, control, keys }: Surroundings): PastPolicies {
  const mac = keys.of('control-mac')
  let kept = new Policy()
  let turn: Promise<unknown> = Promise.resolve()
  let waiting = 0

  async function foldTo(offset: number): Promise<Policy> {
    if (kept.offset > offset) kept = new Policy()
    while (kept.offset < offset) {
      const messages = Math.min(pastPolicyLimits.pageMessages, offset - kept.offset)
      const from = { ...controlPartition, offset: kept.offset }
      const page = await engine.log.read(from, { messages, bytes: pastPolicyLimits.pageBytes, waitMs: 0 })
      for (const message of page.messages) {
        if (message.offset < offset) kept.apply(readControlMessage(mac, message))
      }
      if (page.next <= from.offset) throw new Problem('unavailable', { retryAfter: 1 })
      kept.passed(Math.min(page.next, offset))
    }
    return kept
  }

  return async (offset, use) => {
    const { policy: present } = control
    if (present.offset < offset && !(await control.reached(offset - 1, pastPolicyLimits.reachMs))) {
      throw new Problem('unavailable', { retryAfter: 1 })
    }
    if (present.offset === offset) return use(present)
    if (waiting >= pastPolicyLimits.waiting) throw new Problem('overloaded', { retryAfter: 1 })
    waiting += 1
    const mine = turn.then(async () => use(await foldTo(offset)))
    turn = mine.catch(() => undefined)
    return mine.finally(() => {
      waiting -= 1
    })
  }
}
