import type { Headers, Message } from '@unavez/engine'

/**
 * Header names of an event on the log: CloudEvents' Kafka binding in binary mode (`ce_*`, `content-type`), then the bus's own.
 * `by` = JSON {institution, system}; `ce_subject` = root pseudonym of the key subject; `parties` = roots of the parties, joined
 * by commas; `joined` = `<root>:<first root>` of those that are named under another root than their own, joined by commas;
 * `link` = `<kind> <root> <other root>`, what a declaration of linked identifiers says; `copy` = '1' on a possible copy; `contractversion` = the version that the value was written with.
 */
export const eventHeaders = {
  specversion: 'ce_specversion',
  id: 'ce_id',
  source: 'ce_source',
  type: 'ce_type',
  time: 'ce_time',
  subject: 'ce_subject',
  occurredat: 'ce_occurredat',
  dataschema: 'ce_dataschema',
  contentType: 'content-type',
  salt: 'salt',
  decidedAt: 'n',
  by: 'by',
  traceparent: 'traceparent',
  causedby: 'causedby',
  changetype: 'changetype',
  previouseventid: 'previouseventid',
  baseline: 'baseline',
  late: 'late',
  parties: 'parties',
  joined: 'joined',
  link: 'link',
  payloadHash: 'payloadhash',
  contractVersion: 'contractversion',
  copy: 'copy',
} as const

export const headerText = (headers: Headers, name: keyof typeof eventHeaders): string =>
  headers[eventHeaders[name]]?.toString() ?? ''

/** The same of a message that was read; undefined if it has no such header. */
export const textOf = (message: Message, name: keyof typeof eventHeaders): string | undefined =>
  message.text === undefined ? message.headers[eventHeaders[name]]?.toString() : message.text(eventHeaders[name])

/** The type of an event; '' of what is none. */
export const typeOf = (message: Message): string => textOf(message, 'type') ?? ''

/** `urn:unavez:<country>:<institution>:<system>` → institution; '' if it is no source of the bus. */
export function institutionOf(source: string): string {
  const parts = source.split(':', 5)
  return parts[0] === 'urn' && parts[1] === 'unavez' && parts.length === 5 ? (parts[3] ?? '') : ''
}

/** `00-<trace id>-<span id>-<flags>` → trace id; '' if it is none. */
export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35)

/** Whether a record is the event that an institution published under an id. */
export const isEvent = ({ headers }: Message, { institution, id }: { institution: string; id: string }): boolean =>
  headerText(headers, 'id') === id && institutionOf(headerText(headers, 'source')) === institution
