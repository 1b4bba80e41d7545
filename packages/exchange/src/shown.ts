import type { Message } from '@unavez/engine'
import { RangeDigest } from '@unavez/protocol'

import { encodePosition } from './position.ts'
import { textOf } from './record-headers.ts'

/** One event as a consumer sees it: its JSON as it leaves, and the roots of everybody it speaks of. */
export interface Shown {
  readonly offset: number
  readonly source: string
  readonly id: string
  readonly json: Buffer
  /** The key subject's first. */
  readonly roots: readonly string[]
  readonly traceparent: string
}

/** What turns a record into bytes for one consumer. All of it is fixed while a page is made. */
export interface Lens {
  /**
   * From a value to the JSON of the agreement's fields; throws if it can't be decoded. The record that holds it says who is one
   * subject with whom; of a value without one, policy does.
   */
  readonly project: (value: Buffer, record?: Message) => { readonly data: string; readonly dataschema: string }
  /** Root of the only key subject that the agreement is about; absent if it is about any. */
  readonly only?: string
  /** From the root to the consumer's own pseudonym. */
  readonly pseudonym: (root: string) => string
}

/** `start`: a comma, the member's name, a colon. */
const member = (start: string, value: string | undefined): string =>
  value === undefined || value === '' ? '' : start + JSON.stringify(value)

/** Throws if the record can't be decoded: it is then passed over, counted and told to the operator. */
export function show(message: Message, lens: Lens): Shown {
  const { data, dataschema } = lens.project(message.value ?? Buffer.alloc(0), message)
  // Asked in the order in which they are written.
  const id = textOf(message, 'id') ?? ''
  const source = textOf(message, 'source') ?? ''
  const type = textOf(message, 'type')
  const time = textOf(message, 'time')
  const occurredat = textOf(message, 'occurredat')
  const traceparent = textOf(message, 'traceparent')
  const changetype = textOf(message, 'changetype')
  const previouseventid = textOf(message, 'previouseventid')
  const causedby = textOf(message, 'causedby')
  const root = textOf(message, 'subject') ?? ''
  const parties = textOf(message, 'parties')
  const json =
    '{"specversion":"1.0"' +
    member(',"id":', id) +
    member(',"source":', source) +
    member(',"type":', type) +
    member(',"subject":', lens.pseudonym(root)) +
    member(',"time":', time) +
    member(',"occurredat":', occurredat) +
    `,"publishedat":"${message.appendedAt.toISOString()}"` +
    member(',"changetype":', changetype) +
    member(',"previouseventid":', previouseventid) +
    member(',"causedby":', causedby) +
    `,"position":"${encodePosition(message.partition, message.offset)}"` +
    member(',"dataschema":', dataschema) +
    member(',"traceparent":', traceparent) +
    `,"data":${data}}`
  const roots = parties === undefined || parties === '' ? [root] : [root, ...parties.split(',')]
  return { offset: message.offset, source, id, json: Buffer.from(json), roots, traceparent: traceparent ?? '' }
}

/** Count, hash and subjects of what one partition shows, in offset order. */
export function summarise(shown: readonly Shown[]) {
  const digest = new RangeDigest()
  for (const { source, id, json } of shown) digest.add(source, id, json)
  return { ...digest.end(), subjects: shown.map(({ roots }) => roots) }
}
