import { isEngineError, type Message, type NewMessage, type Page, type Position } from '@unavez/engine'
import type { By } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import type { Surroundings } from '@unavez/service-kit'

import type { RequestState, Seen } from './facts.ts'
import { encodeRecord, evidenceTopic, folded, partitionOfRequest, requestOf } from './record.ts'
import { decide, type EvidenceCommand } from './request.ts'
import { evidenceSource, readRow, stateKey, type StateRow } from './views.ts'

const bounds = {
  /** How often a command is decided again after it lost a race. */
  tries: 10,
  /** Records behind the view that one look may read: beyond, the view is being rebuilt. */
  tail: 50_000,
  pageMessages: 1000,
  pageBytes: 2_000_000,
} as const

/** A request as it stands, and the offset of its partition up to which that is known. */
export interface Standing {
  readonly state: RequestState | undefined
  readonly next: number
}

export interface Deciding {
  readonly id: string
  /** The command's id and a hash of the request that it came with. */
  readonly command: { readonly id: string; readonly hash: string }
  readonly by: By
  readonly traceparent: string
  readonly what: EvidenceCommand
}

export interface Decided {
  readonly state: RequestState
  /** The state that the command left behind: of a repeat, then. */
  readonly left: Seen['state']
  readonly repeated: boolean
}

/** Requests by the log: every instance can load one from its view and the rest of its partition, and decides by the optimistic rule. */
export class Requests {
  readonly #surroundings: Surroundings
  readonly #mac: Buffer

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
    this.#mac = surroundings.keys.of('evidence-mac')
  }

  /** Rejects 'rebuilding' while the view is too far behind, 'unavailable' when the log can't be read. */
  async load(id: string): Promise<Standing> {
    const { views } = this.#surroundings.engine
    const partition = partitionOfRequest(id)
    const checkpoint = await views.checkpoint(evidenceSource(partition))
    const row = await views.get(stateKey(id))
    // A view that went back in between would hide what stands behind its row.
    if ((await views.checkpoint(evidenceSource(partition))) < checkpoint)
      throw new Problem('rebuilding', { retryAfter: 1 })
    const kept = row === undefined ? { state: undefined, next: 0 } : readRow<StateRow>(row)
    return this.#behind(id, { ...kept, from: Math.max(checkpoint, kept.next) })
  }

  async require(id: string): Promise<RequestState> {
    const { state } = await this.load(id)
    if (state === undefined) throw new Problem('not-found')
    return state
  }

  /** Decides, writes, and finds out whether the log's order let it stand; a command seen before is answered as then. */
  async decide(deciding: Deciding): Promise<Decided> {
    const { clock, control, settings } = this.#surroundings
    const deadline = clock.monotonic() + settings.appendBudgetMs
    let standing = await this.load(deciding.id)
    for (let tries = 0; tries < bounds.tries && clock.monotonic() < deadline; tries += 1) {
      const known = this.#known(standing.state, deciding)
      if (known !== undefined) return { ...known, repeated: true }
      const { state } = standing
      const facts = decide(state, deciding.what, clock.now())
      if (facts.length === 0 && state !== undefined) return { state, left: state.state, repeated: false }
      const { id, command, by, traceparent } = deciding
      const version = state?.version ?? 0
      const message = encodeRecord(
        this.#mac,
        { request: id, command: command.id, hash: command.hash, version, facts },
        { by, traceparent, n: control.policy.offset },
      )
      const landed = await this.#append(message)
      standing = await this.#behind(id, { ...standing, from: standing.next })
      const own = this.#known(standing.state, deciding)
      if (own !== undefined)
        return { ...own, repeated: landed === undefined || standing.state?.version !== version + 1 }
    }
    throw new Problem('conflict', { retryAfter: 1 })
  }

  /** Until a request is as wanted, the time is over or the caller is gone; answers with it as it stands then. */
  async waitFor(
    id: string,
    { wanted, waitMs, signal }: { wanted: (state: RequestState) => boolean; waitMs: number; signal: AbortSignal },
  ): Promise<RequestState> {
    const { clock, engine } = this.#surroundings
    const deadline = clock.monotonic() + waitMs
    let standing = await this.load(id)
    for (;;) {
      const { state, next } = standing
      if (state === undefined) throw new Problem('not-found')
      const leftMs = deadline - clock.monotonic()
      if (wanted(state) || leftMs <= 0 || signal.aborted) return state
      const at = { topic: evidenceTopic, partition: partitionOfRequest(id), offset: next }
      await engine.log.read(at, { messages: 1, bytes: 1, waitMs: leftMs, signal }).catch(asProblem)
      standing = await this.#behind(id, { ...standing, from: next })
    }
  }

  /** The record at an offset: where a payload or a piece of a document stands. */
  async recordAt(id: string, offset: number): Promise<Message> {
    const page = await this.#read({ topic: evidenceTopic, partition: partitionOfRequest(id), offset }, 1)
    const message = page.messages.find((each) => each.offset === offset)
    if (message === undefined) throw new Problem('unavailable', { retryAfter: 1 })
    return message
  }

  /** Undefined if it may have landed or not: what stands in the log tells. */
  async append(message: NewMessage): Promise<Position> {
    const { position } = await this.#surroundings.engine.log.append(message).catch(asProblem)
    return position
  }

  async #append(message: NewMessage): Promise<Position | undefined> {
    try {
      return (await this.#surroundings.engine.log.append(message)).position
    } catch (error) {
      if (isEngineError(error, 'message-too-large')) throw new Problem('body-too-large', { cause: error })
      if (isEngineError(error, 'unknown')) return undefined
      return asProblem(error)
    }
  }

  #known(state: RequestState | undefined, { command }: Deciding): Omit<Decided, 'repeated'> | undefined {
    const seen = state?.seen.find((each) => each.command === command.id)
    if (state === undefined || seen === undefined) return undefined
    if (seen.hash !== command.hash) throw new Problem('idempotency-key-reused')
    return { state, left: seen.state }
  }

  /** Folds the records of one request that stand behind what is known of it. */
  async #behind(id: string, { state, from }: { state: RequestState | undefined; from: number }): Promise<Standing> {
    const partition = partitionOfRequest(id)
    let known = state
    let offset = from
    for (let read = 0; read < bounds.tail;) {
      const page = await this.#read({ topic: evidenceTopic, partition, offset }, bounds.pageMessages)
      for (const message of page.messages) if (requestOf(message) === id) known = folded(this.#mac, known, message)
      offset = page.next
      read += Math.max(page.messages.length, 1)
      if (page.next >= page.end) return { state: known, next: offset }
    }
    throw new Problem('rebuilding', { retryAfter: 1 })
  }

  async #read(from: Position, messages: number): Promise<Page> {
    const limits = { messages, bytes: bounds.pageBytes, waitMs: 0 }
    try {
      return await this.#surroundings.engine.log.read(from, limits)
    } catch (error) {
      if (!isEngineError(error, 'position-gone') || error.first === undefined) return asProblem(error)
      return { messages: [], next: error.first, end: Infinity }
    }
  }
}

function asProblem(error: unknown): never {
  throw isEngineError(error) ? new Problem('unavailable', { retryAfter: 1, cause: error }) : error
}
