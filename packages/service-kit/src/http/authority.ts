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

interface Question {
  readonly actor: Actor
  readonly action: Action
  readonly on: Target
}

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

  /** A yes is synchronous while the replica is proven fresh: nothing is awaited on the hot path. */
  require(actor: Actor, action: Action, on: Target): Decision | Promise<Decision> {
    const question = { actor, action, on }
    const waiting = this.#control.fresh()
    return waiting === undefined ? this.#yesOrAnew(question) : waiting.then(() => this.#yesOrAnew(question))
  }

  #yesOrAnew(question: Question): Decision | Promise<Decision> {
    const decision = authorize(this.#control.policy, question, this.#clock.now())
    return decision.allowed ? decision : this.#decideAnew(question)
  }

  /** A no may be older than what another instance has just granted: it is given by policy as it stood when it was asked for. */
  async #decideAnew(question: Question): Promise<Decision> {
    await this.#control.provenSince(this.#clock.monotonic())
    return this.requireOf(this.#control.policy, question, this.#clock.now())
  }

  /** The same question to a policy and a time that are given: inside a decider. */
  requireOf(policy: Policy, question: Question, at: Date): Decision {
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
