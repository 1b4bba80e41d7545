import { findIdentifier, refuseIdentifier } from '@unavez/contracts'
import { apiLimits, type ChangeType, changeTypes, Problem, type ProblemCode, type Text } from '@unavez/protocol'

import { type AvroData, readAvroData } from './avro-data.ts'
import { utcTime } from './utc-time.ts'

/** A publisher's envelope, valid; times in UTC, written with `Z`. */
export interface Envelope {
  readonly id: string
  readonly source: string
  readonly type: string
  readonly time: string
  readonly occurredat: string
  readonly changetype: ChangeType
  readonly previouseventid: string | undefined
  readonly dataschema: string | undefined
  readonly traceparent: string | undefined
  readonly causedby: string | undefined
  readonly late: boolean
  /** Undefined where the data came as Avro. */
  readonly data: unknown
  readonly avro: AvroData | undefined
}

export type JsonObject = Readonly<Record<string, unknown>>

export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const attributes = new Set([
  'specversion',
  'id',
  'source',
  'type',
  'time',
  'occurredat',
  'changetype',
  'previouseventid',
  'datacontenttype',
  'dataschema',
  'traceparent',
  'causedby',
  'late',
  'data',
  'data_base64',
])
const ownedByBus = new Set(['subject', 'publishedat', 'position'])

const visible = new RegExp(`^[\\x21-\\x7e]{1,${apiLimits.eventIdLength}}$`)
const json = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i
const avro = 'application/avro'
const trace = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/
/** CloudEvents 1.0: names of attributes. Others may hold anything, so they are not repeated. */
const attributeName = /^[a-z0-9]{1,40}$/

const texts = {
  missing: { es: 'Falta el atributo', en: 'The attribute is missing' },
  unknown: { es: 'Atributo desconocido', en: 'Unknown attribute' },
  ownedByBus: { es: 'Ese atributo lo pone el bus', en: 'That attribute is set by the bus' },
  specversion: { es: 'Debe ser "1.0"', en: 'It must be "1.0"' },
  visible: {
    es: `De 1 a ${apiLimits.eventIdLength} caracteres ASCII visibles`,
    en: `1 to ${apiLimits.eventIdLength} visible ASCII characters`,
  },
  text: { es: 'Se espera un texto', en: 'A string is expected' },
  flag: { es: 'Se espera true o false', en: 'true or false is expected' },
  time: { es: 'Se espera fecha y hora RFC 3339 en UTC', en: 'An RFC 3339 time in UTC is expected' },
  changetype: { es: `Uno de: ${changeTypes.join(', ')}`, en: `One of: ${changeTypes.join(', ')}` },
  previous: {
    es: 'Solo con corrected, annulled y ceased, y con ellos siempre',
    en: 'With corrected, annulled and ceased only, and with them always',
  },
  base64: { es: 'Solo con datos en application/avro', en: 'With data in application/avro only' },
  trace: { es: 'Se espera un traceparent de W3C', en: 'A W3C traceparent is expected' },
} as const satisfies Record<string, Text>

/**
 * Reads what a system offers. Refuses 'event-invalid', 'identifier-in-clear', 'source-mismatch' or 'content-type-unsupported'
 * with the pointer of the fault, never its value. `source` = the speaker's own.
 */
export function readEnvelope(offered: JsonObject, source: string): Envelope {
  for (const name of Object.keys(offered)) if (!attributes.has(name)) throw refuseName(name)
  if (offered['specversion'] !== '1.0') throw absentOr(offered, 'specversion', texts.specversion)
  const id = token(offered, 'id')
  if (offered['source'] !== source) throw sourceFault(offered)
  const time = instant(offered, 'time')
  const occurredat = instant(offered, 'occurredat')
  const changetype = changeTypes.find((one) => one === offered['changetype'])
  if (changetype === undefined) throw absentOr(offered, 'changetype', texts.changetype)
  const { data, data_base64: text64 } = offered
  const isAvro = isAvroType(offered)
  if (!isAvro && text64 !== undefined) throw fault('data_base64', texts.base64)
  return {
    id,
    source,
    time,
    occurredat,
    changetype,
    type: text(offered, 'type'),
    previouseventid: previous(offered, changetype),
    dataschema: offered['dataschema'] === undefined ? undefined : text(offered, 'dataschema'),
    traceparent: traceparent(offered),
    causedby: offered['causedby'] === undefined ? undefined : token(offered, 'causedby'),
    late: late(offered),
    data: isAvro ? undefined : data,
    avro: isAvro ? readAvroData({ data, text: text64 }) : undefined,
  }
}

const fault = (name: string, detail: Text, code: ProblemCode = 'event-invalid'): Problem =>
  new Problem(code, { pointer: `/${name}`, detail })

const absentOr = (offered: JsonObject, name: string, detail: Text): Problem =>
  fault(name, offered[name] === undefined ? texts.missing : detail)

function refuseName(name: string): Problem {
  if (ownedByBus.has(name)) return fault(name, texts.ownedByBus)
  if (attributeName.test(name)) return fault(name, texts.unknown)
  return new Problem('event-invalid', { pointer: '', detail: texts.unknown })
}

function text(offered: JsonObject, name: string): string {
  const value = offered[name]
  if (typeof value !== 'string' || value === '') throw absentOr(offered, name, texts.text)
  return value
}

/** Something that names an event: visible ASCII without an identifier in it. */
function token(offered: JsonObject, name: string): string {
  const value = offered[name]
  if (typeof value !== 'string' || !visible.test(value)) throw absentOr(offered, name, texts.visible)
  refuseIdentifier(value, `/${name}`)
  return value
}

/** An id that may be told again; undefined for anything else. */
export function readId(value: unknown): string | undefined {
  return typeof value === 'string' && visible.test(value) && findIdentifier(value) === undefined ? value : undefined
}

function instant(offered: JsonObject, name: string): string {
  const value = offered[name]
  const time = typeof value === 'string' ? utcTime(value) : undefined
  if (time === undefined) throw absentOr(offered, name, texts.time)
  return time
}

const sourceFault = (offered: JsonObject): Problem =>
  typeof offered['source'] === 'string'
    ? new Problem('source-mismatch', { pointer: '/source' })
    : absentOr(offered, 'source', texts.text)

function isAvroType(offered: JsonObject): boolean {
  const value = offered['datacontenttype']
  if (value === undefined || value === 'application/json') return false
  if (typeof value !== 'string') throw fault('datacontenttype', texts.text)
  if (value.toLowerCase() === avro) return true
  if (json.test(value)) return false
  throw new Problem('content-type-unsupported', { pointer: '/datacontenttype' })
}

function previous(offered: JsonObject, changetype: ChangeType): string | undefined {
  const needed = changetype === 'corrected' || changetype === 'annulled' || changetype === 'ceased'
  if ((offered['previouseventid'] === undefined) === needed) throw fault('previouseventid', texts.previous)
  return needed ? token(offered, 'previouseventid') : undefined
}

function traceparent(offered: JsonObject): string | undefined {
  const value = offered['traceparent']
  if (value === undefined) return undefined
  if (typeof value !== 'string' || !trace.test(value)) throw fault('traceparent', texts.trace)
  return value
}

function late(offered: JsonObject): boolean {
  const value = offered['late']
  if (value !== undefined && typeof value !== 'boolean') throw fault('late', texts.flag)
  return value === true
}
