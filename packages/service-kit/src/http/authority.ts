import {
  type Action,
  type Actor,
  authorize,
  type Decision,
  encodeDecision,
  type Policy,
  type Target,
} from '@unavez/policy'
import { isProblemCode, Problem } from '@unavez/protocol'

import type { Clock } from '../clock.ts'
import type { Control } from '../control.ts'
import type { Keys } from '../keys.ts'

/** Asks policy on behalf of requests, and turns a no into the problem that its caller may see. */
export class Authority {
  readonly #control: Control
  readonly #keys: Keys
  readonly #clock: Clock

  constructor(options: { readonly control: Control; readonly keys: Keys; readonly clock: Clock }) {
    this.#control = options.control
    this.#keys = options.keys
    this.#clock = options.clock
  }

  /** Synchronous while the replica is proven fresh: nothing is awaited on the hot path. */
  require(actor: Actor, action: Action, on: Target): Decision | Promise<Decision> {
    const waiting = this.#control.fresh()
    if (waiting === undefined) return this.#decide(actor, action, on)
    return waiting.then(() => this.#decide(actor, action, on))
  }

  #decide(actor: Actor, action: Action, on: Target): Decision {
    return this.requireOf(this.#control.policy, { actor, action, on }, this.#clock.now())
  }

  /** The same question to a policy and a time that are given: inside a decider. */
  requireOf(policy: Policy, question: { actor: Actor; action: Action; on: Target }, at: Date): Decision {
    const decision = authorize(policy, question, at)
    if (!decision.allowed) throw this.refusal(question.actor, question.on, decision)
    return decision
  }

  refusal(actor: Actor, on: Target, decision: Decision): Problem {
    if (decision.hidden) return new Problem('not-found')
    const [reason] = decision.reasons
    const id = encodeDecision(this.#keys.of('decision'), { actor, action: decision.action, on }, decision)
    if (reason === undefined) return new Problem('forbidden', { decision: id })
    return new Problem(isProblemCode(reason.code) ? reason.code : 'forbidden', {
      detail: reason.text,
      remedy: reason.remedy,
      whoCanGrant: reason.whoCanGrant,
      decision: id,
    })
  }
}
