import { setTimeout as sleep } from 'node:timers/promises'

import { type Fact, type Policy, theBus } from '@unavez/policy'
import { isWanted, openNotices, type Surroundings } from '@unavez/service-kit'

import { stoppedNotice } from '../notices.ts'
import type { Stop } from './machine-options.ts'

/** Reasons as the facts and the API tell them. */
const reasons: Readonly<Record<Stop, string>> = { 'held-too-many': 'held-too-many', 'endpoint-gone': 'http-410' }

const pauseMs = { first: 200, last: 10_000 } as const

/** Facts that the bus decides itself: that a subscription can't go on. One command for all that ask at once, on every instance. */
export class Stopping {
  readonly #surroundings: Pick<Surroundings, 'control' | 'engine' | 'log' | 'closing'>
  readonly #underWay = new Set<string>()

  constructor(surroundings: Pick<Surroundings, 'control' | 'engine' | 'log' | 'closing'>) {
    this.#surroundings = surroundings
  }

  /** Goes on until the fact stands, or somebody else has stopped it. */
  stop(id: string, why: Stop): void {
    if (this.#underWay.has(id)) return
    this.#underWay.add(id)
    void this.#untilStopped(id, why).finally(() => this.#underWay.delete(id))
  }

  async #untilStopped(id: string, why: Stop): Promise<void> {
    const { control, log, closing } = this.#surroundings
    const aggregate = `subscription:${id}`
    log.warn({ subscription: id, reason: reasons[why] }, 'a subscription is stopped')
    for (let ms: number = pauseMs.first; !closing.aborted; ms = Math.min(ms * 2, pauseMs.last)) {
      const command = `delivery/${id}/${why}/${control.policy.version(aggregate)}`
      const decide = (policy: Policy) => ({ facts: stopped(policy, id, why), reads: [aggregate] })
      try {
        const { facts, at } = await control.submit({ command, hash: '', by: theBus('delivery'), decide })
        if (facts.length > 0) await this.#tell({ subscription: id, why, at })
        return
      } catch (error) {
        log.warn({ error, subscription: id }, 'that a subscription is stopped is not written yet')
      }
      await sleep(ms, undefined, { signal: closing }).catch(() => undefined)
    }
  }

  /** The state is there to be seen, whether or not this can be told. */
  async #tell({ subscription, why, at }: Stopped): Promise<void> {
    const { control, engine, log } = this.#surroundings
    const { policy } = control
    const institution = policy.subscription(subscription)?.consumer
    if (institution === undefined) return
    const version = policy.version(`subscription:${subscription}`)
    const notice = stoppedNotice({ institution, subscription, reason: reasons[why] }, { version, at })
    if (!isWanted(policy, notice)) return
    await (await openNotices(engine)).raise(notice, policy.offset).catch((error: unknown) => {
      log.warn({ error, subscription }, 'that a subscription is stopped could not be told')
    })
  }
}

interface Stopped {
  readonly subscription: string
  readonly why: Stop
  readonly at: Date
}

function stopped(policy: Policy, id: string, why: Stop): readonly Fact[] {
  if (policy.subscription(id)?.state !== 'active') return []
  const aggregate = `subscription:${id}`
  const reason = reasons[why]
  return [{ type: why === 'endpoint-gone' ? 'subscription-paused' : 'subscription-blocked', aggregate, reason }]
}
