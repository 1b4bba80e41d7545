import { type AcceptedEvent, apiLimits, Problem, type Text } from '@unavez/protocol'
import type { Call } from '@unavez/service-kit'

import { isJsonObject, type JsonObject } from './envelope.ts'

type Headers = Call['headers']

/** Content types of `POST /v1/events`: CloudEvents' own in structured and batched mode, those of the data in binary mode. */
export const contentTypes = {
  single: 'application/cloudevents+json',
  batch: 'application/cloudevents-batch+json',
  json: 'application/json',
  avro: 'application/avro',
} as const

export interface Offered {
  readonly mode: 'structured' | 'binary' | 'batch'
  /** One, but in a batch. */
  readonly items: readonly unknown[]
}

const texts = {
  batch: { es: 'Un lote es una lista con al menos un evento', en: 'A batch is an array of at least one event' },
  noEvent: {
    es: 'Se espera application/cloudevents+json, o cabeceras ce-* con los datos en application/json o application/avro',
    en: 'application/cloudevents+json is expected, or ce-* headers with the data in application/json or application/avro',
  },
  elsewhere: { es: 'No va en una cabecera', en: 'It does not go in a header' },
  once: {
    es: 'La cabecera va una sola vez; un espacio se escribe %20',
    en: 'The header may be given once; a space is written %20',
  },
  percent: {
    es: 'Se espera ASCII visible, lo demás en UTF-8 con codificación porcentual',
    en: 'Visible ASCII is expected, the rest as percent-encoded UTF-8',
  },
} as const satisfies Record<string, Text>

/** What a request offers, as its content type says. Refuses what holds no event at all. */
export function readOffered({ headers, body }: Pick<Call, 'headers' | 'body'>): Offered {
  const mode = modeOf(headers)
  if (mode === 'batch') return { mode, items: itemsOf(body) }
  if (Number(headers['content-length'] ?? 0) > apiLimits.eventBytes) throw new Problem('event-too-large')
  return { mode, items: [mode === 'binary' ? inBinary(headers, body) : body] }
}

/** As far as it can be told before anything is checked: what the offer has to be authorised for. */
export const typeOffered = (headers: Headers, body: unknown): unknown =>
  modeOf(headers) === 'binary' ? headers['ce-type'] : isJsonObject(body) ? body['type'] : undefined

function modeOf(headers: Headers): Offered['mode'] {
  const type = typeOf(headers)
  if (type.startsWith(contentTypes.batch)) return 'batch'
  if (type.startsWith(contentTypes.single)) return 'structured'
  return type === '' && !isEvent(headers) ? 'structured' : 'binary'
}

const typeOf = ({ 'content-type': type }: Headers): string => (typeof type === 'string' ? type.toLowerCase() : '')

function isEvent(headers: Headers): boolean {
  for (const name in headers) if (name.startsWith('ce-')) return true
  return false
}

function itemsOf(body: unknown): readonly unknown[] {
  if (!Array.isArray(body) || body.length === 0) throw new Problem('body-invalid', { pointer: '', detail: texts.batch })
  if (body.length > apiLimits.batchItems) throw new Problem('batch-too-large')
  return body
}

/** These are told elsewhere: by `content-type`, and by the body. */
const notInHeaders = new Set(['data', 'data_base64', 'datacontenttype'])

/** The event as structured mode would have it (CloudEvents HTTP binding 1.0.2, 3.1); Avro stays bytes. */
function inBinary(headers: Headers, body: unknown): JsonObject {
  if (!isEvent(headers)) throw new Problem('content-type-unsupported', { detail: texts.noEvent })
  const attributes = Object.entries(headers).flatMap(([header, value]) =>
    header.startsWith('ce-') && typeof value === 'string' ? [[header.slice(3), attributeOf(header, value)]] : [],
  )
  const type = typeOf(headers)
  return {
    ...Object.fromEntries(attributes),
    ...(type === '' ? {} : { datacontenttype: type }),
    data: body === undefined && type.startsWith(contentTypes.avro) ? Buffer.alloc(0) : body,
  }
}

const quoted = /^"((?:[^"\\]|\\.)*)"$/
const visible = /^[\x20-\x7e]*$/

function attributeOf(header: string, value: string): unknown {
  const refuse = (detail: Text) => new Problem('event-invalid', { pointer: pointerTo(header), detail })
  const name = header.slice(3)
  if (notInHeaders.has(name)) throw refuse(texts.elsewhere)
  const inner = quoted.exec(value)?.[1]?.replaceAll(/\\(.)/g, '$1')
  // Node joins what is repeated by a comma and a space.
  if (inner === undefined && /, |"/.test(value)) throw refuse(texts.once)
  if (!visible.test(value)) throw refuse(texts.percent)
  const text = decoded(inner ?? value)
  if (text === undefined) throw refuse(texts.percent)
  return name === 'late' && (text === 'true' || text === 'false') ? text === 'true' : text
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** A header that a caller made up may hold anything: only names of attributes are told again. */
const pointerTo = (header: string): string => (/^ce-[a-z0-9]{1,40}$/.test(header) ? `/headers/${header}` : '')

/** In binary mode, what is wrong with an attribute is wrong with its header: `/id` becomes `/headers/ce-id`. */
export async function pointingAtHeaders(publish: () => Promise<AcceptedEvent>): Promise<AcceptedEvent> {
  try {
    return await publish()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const [, name] = /^\/([a-z0-9]+)$/.exec(error.details.pointer ?? '') ?? []
    if (name === undefined || name === 'data') throw error
    const header = name === 'datacontenttype' ? '/headers/content-type' : `/headers/ce-${name}`
    throw new Problem(error.code, { ...error.details, pointer: header })
  }
}
