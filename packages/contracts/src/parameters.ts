import { compileEncoder, type EncodeRecord, RecordWriter } from './encode.ts'
import type { RecordPlan } from './decode.ts'
import { contractLimits } from './limits.ts'
import { parseRecordAlone } from './parse.ts'
import { readWhole, wholePlan } from './projection.ts'
import { schemaFault } from './reasons.ts'
import type { Field, Shape } from './shape.ts'
import { wireHeaderBytes } from './wire.ts'

/** What a predicate asks: the record declared as `parameters` of an evidence contract. */
export class Parameters {
  readonly fields: readonly Field[]
  readonly #encode: EncodeRecord
  readonly #whole: RecordPlan

  /**
   * Refuses with 'schema-invalid' and a pointer what is no record of classified fields, or names a subject: whom a request is about stands in
   * the request, and nobody else may be asked about on the side.
   */
  constructor(schema: unknown, pointer = '/parameters') {
    const record = parseRecordAlone(schema, pointer)
    const named = record.fields.findIndex((field) => field.identifying !== undefined || namesSubject(field.shape))
    if (named !== -1) throw schemaFault(`${pointer}/fields/${named}`, 'parameter-identifies')
    if (record.fields.length > contractLimits.parameters) throw schemaFault(`${pointer}/fields`, 'parameters-too-many')
    this.fields = record.fields
    this.#encode = compileEncoder(record)
    this.#whole = wholePlan(record)
  }

  /** The parameters as a provider sees them, defaults filled in. Refuses with 'data-invalid' and the pointer below `pointer`; never names a value. */
  read(value: unknown, pointer = '/parameters'): Record<string, unknown> {
    const out = new RecordWriter()
    out.reset(pointer)
    this.#encode(value, out)
    return readWhole(out.take(wireHeaderBytes), this.#whole)
  }
}

function namesSubject(shape: Shape): boolean {
  switch (shape.kind) {
    case 'record':
      return shape.fields.some((field) => field.identifying !== undefined || namesSubject(field.shape))
    case 'nullable':
      return namesSubject(shape.of)
    case 'array':
      return namesSubject(shape.items)
    case 'map':
      return namesSubject(shape.values)
    case 'scalar':
    case 'decimal':
    case 'enum':
    case 'fixed':
      return false
  }
}
