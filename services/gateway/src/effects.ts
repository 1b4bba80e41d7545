import { refuseIdentifier } from '@unavez/contracts'
import { type Message, partitionOf, type ViewChange } from '@unavez/engine'
import {
  effectKey,
  type EffectRow,
  effectsTopic,
  encodePosition,
  EventsById,
  headerText,
  institutionOf,
  type Pages,
  topicOf,
} from '@unavez/exchange'
import { type Effect, Problem } from '@unavez/protocol'
import { byOf, type Call, type Surroundings } from '@unavez/service-kit'

import { Salts } from './salts.ts'

/** One word of a consumer on one event. `source`: where another than the contract's owner publishes. */
export interface ReportedEffect extends Effect {
  readonly event: string
  readonly source?: string
}

/** The value of a record of `effects`, as JSON. */
interface EffectsRecord {
  readonly subscription: string
  readonly effects: readonly EffectRow[]
}

/** Effects of one record: below the message limit whatever they say. */
const recordMost = 100
const foundAtOnce = 16

/** What consumers did with events: theirs to say, about events that are theirs, as often as they like; the last word counts. */
export class EffectReports {
  readonly #surroundings: Surroundings
  readonly #pages: Pages
  readonly #salts = new Salts()

  constructor(surroundings: Surroundings, pages: Pages) {
    this.#surroundings = surroundings
    this.#pages = pages
  }

  /** All of them durable on return, or none looked right: refuses with a pointer 'identifier-in-clear' and 'event-not-received'. */
  async report(call: Call, subscription: string, reported: readonly ReportedEffect[]): Promise<void> {
    for (const [i, { detail }] of reported.entries()) if (detail !== undefined) refuseIdentifier(detail, `/${i}/detail`)
    const { policy } = this.#surroundings.control
    const topic = topicOf(policy, policy.subscription(subscription)?.agreement ?? '')
    const events = new EventsById(this.#surroundings.engine, topic)
    const rows: EffectRow[] = []
    for (let from = 0; from < reported.length; from += foundAtOnce) {
      const some = reported.slice(from, from + foundAtOnce)
      const found = await Promise.all(some.map((each) => this.#find(events, subscription, each)))
      for (const [i, message] of found.entries()) {
        const said = some[i]
        if (message === undefined || said === undefined)
          throw new Problem('event-not-received', { pointer: `/${from + i}/event` })
        rows.push(rowOf(said, message, call.now))
      }
    }
    await this.#append(call, subscription, rows)
  }

  /** A filter that the consumer chose anew does not take back what it received under another. */
  async #find(events: EventsById, id: string, { event, source }: ReportedEffect): Promise<Message | undefined> {
    const { policy } = this.#surroundings.control
    const owner = policy.agreement(policy.subscription(id)?.agreement ?? '')?.owner ?? ''
    const message = await events.find({ institution: source === undefined ? owner : institutionOf(source), id: event })
    return message !== undefined && (await this.#pages.isTheirs(id, message, 'agreed')) ? message : undefined
  }

  async #append(call: Call, subscription: string, rows: readonly EffectRow[]): Promise<void> {
    const { engine, control } = this.#surroundings
    const key = Buffer.from(subscription)
    for (let from = 0; from < rows.length; from += recordMost) {
      const record: EffectsRecord = { subscription, effects: rows.slice(from, from + recordMost) }
      await engine.log.append({
        topic: effectsTopic,
        partition: partitionOf(key),
        key,
        value: Buffer.from(JSON.stringify(record)),
        headers: {
          salt: this.#salts.next(),
          n: Buffer.from(String(control.policy.offset)),
          by: Buffer.from(JSON.stringify(byOf(call.actor))),
          traceparent: Buffer.from(call.traceparent),
        },
      })
    }
  }
}

function rowOf({ event, effect, detail }: ReportedEffect, message: Message, now: Date): EffectRow {
  return {
    event,
    source: headerText(message.headers, 'source'),
    position: encodePosition(message.partition, message.offset),
    effect,
    ...(detail === undefined ? {} : { detail }),
    at: now.toISOString(),
  }
}

/** The fold of a page of `effects`: of each event the last word. */
export function foldEffects(messages: readonly Message[]): readonly ViewChange[] {
  return messages.flatMap(({ value }) => {
    const record = recordOf(value)
    if (record === undefined) return []
    const { subscription, effects } = record
    return effects.map((row) => ({
      ...effectKey(subscription, row.position, 'reported'),
      value: Buffer.from(JSON.stringify(row)),
    }))
  })
}

/** Undefined for what is none: it stops nothing. */
function recordOf(value: Buffer | null): EffectsRecord | undefined {
  try {
    const record = JSON.parse(String(value)) as Partial<EffectsRecord> | null
    const { subscription, effects } = record ?? {}
    return subscription === undefined || !Array.isArray(effects) ? undefined : { subscription, effects }
  } catch {
    return undefined
  }
}
