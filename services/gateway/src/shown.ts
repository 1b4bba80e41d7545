import type { Message } from '@unavez/engine'
import { RangeDigest } from '@unavez/protocol'

import { encodePosition } from './position.ts'
import { textOf } from './record-headers.ts'

/** One event as a consumer sees it: its JSON, and the roots of everybody it speaks of. */
export interface Shown {
  readonly source: string
  readonly id: string
  readonly json: string
  readonly roots: readonly string[]
}

/** What turns a record into bytes for one consumer. All of it is fixed while a page is made. */
export interface Lens {
  /** From the record's bytes to the JSON of the agreement's fields; throws if they can't be decoded. */
  readonly project: (value: Buffer) => { readonly data: string; readonly dataschema: string }
  /** From the root to the consumer's own pseudonym. */
  readonly pseudonym: (root: string) => string
}

const member = (name: string, value: string | undefined): string =>
  value === undefined || value === '' ? '' : `,"${name}":${JSON.stringify(value)}`

/** Throws if the record can't be decoded: it is then passed over, counted and told to the operator. */
export function show(message: Message, lens: Lens): Shown {
  const root = textOf(message, 'subject') ?? ''
  const source = textOf(message, 'source') ?? ''
  const id = textOf(message, 'id') ?? ''
  const { data, dataschema } = lens.project(message.value ?? Buffer.alloc(0))
  const json =
    `{"specversion":"1.0"${member('id', id)}${member('source', source)}` +
    `${member('type', textOf(message, 'type'))}${member('subject', lens.pseudonym(root))}` +
    `${member('time', textOf(message, 'time'))}${member('occurredat', textOf(message, 'occurredat'))}` +
    `,"publishedat":"${message.appendedAt.toISOString()}"${member('changetype', textOf(message, 'changetype'))}` +
    `${member('previouseventid', textOf(message, 'previouseventid'))}${member('causedby', textOf(message, 'causedby'))}` +
    `,"position":"${encodePosition(message.partition, message.offset)}"${member('dataschema', dataschema)}` +
    `${member('traceparent', textOf(message, 'traceparent'))},"data":${data}}`
  const parties = textOf(message, 'parties')
  const roots = parties === undefined || parties === '' ? [root] : [root, ...parties.split(',')]
  return { source, id, json, roots }
}

/** Count, hash and subjects of what one partition shows, in offset order. */
export function summarise(shown: readonly Shown[]) {
  const digest = new RangeDigest()
  for (const { source, id, json } of shown) digest.add(source, id, json)
  return { ...digest.end(), subjects: shown.map(({ roots }) => roots) }
}
