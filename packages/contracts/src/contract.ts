import { Problem } from '@unavez/protocol'

import { type EncodeRecord, compileEncoder, type NamedSubject, RecordWriter } from './encode.ts'
import type { RecordPlan } from './decode.ts'
import { contractLimits } from './limits.ts'
import { parseSchema } from './parse.ts'
import { makeProjection, ordered, type Projection, readForeign, readWhole, wholePlan } from './projection.ts'
import { refusal, schemaFault } from './reasons.ts'
import { schemaFingerprint, schemaText } from './schema-text.ts'
import { type Classification, classifications, type Field, type RecordShape, type Shape } from './shape.ts'
import { writeWireHeader, wireHeaderBytes } from './wire.ts'

export interface EncodeOptions {
  readonly schemaId: number
  /** Where the data stands in the caller's document; `/data` unless told. */
  readonly pointer?: string
}

export interface EncodedRecord {
  /** Confluent's wire format: 0, schema id, Avro. */
  readonly wire: Buffer
  /** The data as every reader will see it: canonical identifiers, times in UTC, defaults filled in, members by name. What `payloadHash` takes. */
  readonly data: Readonly<Record<string, unknown>>
  readonly key: NamedSubject
  /** In the order in which the record names them; a subject named twice appears twice. */
  readonly parties: readonly NamedSubject[]
}

/** A version of a contract, compiled once. Not to be shared between threads; every method is synchronous. */
export class Contract {
  readonly type: string
  /** Avro's full name: the registry's subject. */
  readonly name: string
  /** The schema as the registry serves it. */
  readonly schemaText: string
  readonly fingerprint: string
  readonly record: RecordShape
  readonly #encode: EncodeRecord
  readonly #whole: RecordPlan
  /** The same with the members in order: so the canonical form costs least. */
  readonly #ordered: RecordPlan
  readonly #out = new RecordWriter()
  readonly #readers = new Map<string, Projection>()

  /** Refuses a schema that is not valid with 'schema-invalid' and the pointer of the fault; `pointer` is where the schema stands. */
  constructor(type: string, schema: unknown, pointer = '/schema') {
    this.type = type
    this.record = parseSchema(type, schema, pointer)
    this.name = this.record.name
    this.#encode = compileEncoder(this.record)
    this.#whole = wholePlan(this.record)
    this.#ordered = wholePlan(this.record, ordered(this.record))
    this.schemaText = schemaText(schema)
    if (this.schemaText.length > contractLimits.schemaTextLength) throw schemaFault(pointer, 'schema-too-long')
    this.fingerprint = schemaFingerprint(this.schemaText)
  }

  get fields(): readonly Field[] {
    return this.record.fields
  }

  field(name: string): Field | undefined {
    return this.record.fields.find((field) => field.name === name)
  }

  /** Plain JSON → wire format. Refuses with 'data-invalid' or 'identifier-invalid' at the pointer, 'event-too-large' beyond the limit; never names a value. */
  encode(data: unknown, { schemaId, pointer = '/data' }: EncodeOptions): EncodedRecord {
    const out = this.#out
    out.reset(pointer)
    out.subjects = []
    this.#encode(data, out)
    const wire = out.take(wireHeaderBytes)
    writeWireHeader(wire, schemaId)
    const { subjects } = out
    const key = subjects.find((subject) => subject.role === 'key')
    if (key === undefined) throw out.fault('field-missing')
    const parties = subjects.filter((subject) => subject.role === 'party')
    return { wire, data: readWhole(wire, this.#ordered), key, parties }
  }

  /** Wire format of this version → plain JSON, every field. */
  decode(wire: Buffer): Record<string, unknown> {
    return readWhole(wire, this.#whole)
  }

  /**
   * Avro of this version as a stranger wrote it, without a header → plain JSON, every field; what it says is for `encode` to
   * check. Work and memory are bounded by the bytes: counts and lengths are believed only as far as bytes are left, and
   * schemas have no items without bytes and no recursion. Refuses with 'data-invalid' or 'event-too-large' at `pointer`.
   */
  decodeForeign(avro: Buffer, pointer: string): Record<string, unknown> {
    if (avro.length > contractLimits.recordBytes) throw refusal('event-too-large', pointer, 'record-too-large')
    try {
      return readForeign(avro, this.#whole)
    } catch (error) {
      throw error instanceof Problem ? refusal('data-invalid', pointer, 'not-avro') : error
    }
  }

  /** The reader of these fields of this version, over records that `writer` (this version unless told) has written. Kept for the next call. */
  projection(fields: readonly string[], writer: Contract = this): Projection {
    const key = `${writer.fingerprint} ${fields.join(' ')}`
    const kept = this.#readers.get(key)
    if (kept !== undefined) return kept
    const made = makeProjection(writer.record, this.record, fields)
    const oldest = this.#readers.keys().next()
    if (this.#readers.size >= contractLimits.readersKept && oldest.done !== true) this.#readers.delete(oldest.value)
    this.#readers.set(key, made)
    return made
  }
}

/** The highest classification of a field and of everything inside it. */
export const effectiveClassification = (field: Field): Classification => {
  const present = new Set(fieldsWithin(field).map(({ classification }) => classification))
  return classifications.findLast((one) => present.has(one)) ?? 'sensitive'
}

/** The field itself, and every field inside it at any depth. */
export const fieldsWithin = (field: Field): readonly Field[] => [field, ...inside(field.shape)]

function inside(shape: Shape): readonly Field[] {
  switch (shape.kind) {
    case 'record':
      return shape.fields.flatMap(fieldsWithin)
    case 'nullable':
      return inside(shape.of)
    case 'array':
      return inside(shape.items)
    case 'map':
      return inside(shape.values)
    case 'scalar':
    case 'decimal':
    case 'enum':
    case 'fixed':
      return []
  }
}
