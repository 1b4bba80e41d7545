import type { Contract } from './contract.ts'
import { plainDefault } from './fallback.ts'
import { contractLimits } from './limits.ts'
import type { Doc, Field, RecordShape, ScalarKind, Shape } from './shape.ts'

type JsonSchema = Readonly<Record<string, unknown>>

/**
 * JSON Schema (2020-12) of the data as plain JSON: what it refuses, `encode` refuses too; what only bytes can tell (a date that does not
 * exist, a decimal's precision, an identifier's form) is left to `encode`. Descriptions in one language. The bus's
 * attributes are `x-classification`, `x-identifies`, `x-scheme`, `x-role`, `x-concept`.
 */
export const jsonSchemaOf = (contract: Contract, language: 'es' | 'en' = 'es'): JsonSchema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: `urn:unavez:contract:${contract.type}`,
  title: contract.name.slice(contract.name.lastIndexOf('.') + 1),
  ...schemaOf(contract.record, language),
})

type Language = 'es' | 'en'

function schemaOf(shape: Shape, language: Language): JsonSchema {
  switch (shape.kind) {
    case 'record':
      return recordSchema(shape, language)
    case 'nullable':
      return { anyOf: [schemaOf(shape.of, language), { type: 'null' }] }
    case 'array':
      return { type: 'array', items: schemaOf(shape.items, language) }
    case 'map':
      return { type: 'object', additionalProperties: schemaOf(shape.values, language) }
    case 'enum':
      return { type: 'string', enum: shape.symbols }
    case 'fixed':
      return { ...base64, minLength: base64Length(shape.size), maxLength: base64Length(shape.size) }
    case 'decimal':
      return { type: 'string', pattern: decimalPattern(shape.scale), maxLength: shape.precision + 3 }
    case 'scalar':
      return scalarSchemas[shape.scalar]
  }
}

function recordSchema({ fields }: RecordShape, language: Language): JsonSchema {
  const required = fields.filter((field) => !isOptional(field)).map(({ name }) => name)
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(field, language)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  }
}

const isOptional = ({ shape, fallback }: Field) => fallback !== undefined || shape.kind === 'nullable'

function fieldSchema(field: Field, language: Language): JsonSchema {
  const { shape, doc, classification, identifying, concept, fallback } = field
  return {
    ...schemaOf(shape, language),
    ...described(doc, language),
    ...(fallback === undefined ? {} : { default: plainDefault(shape, fallback) }),
    'x-classification': classification,
    ...(identifying === undefined ? {} : identifyingSchema(identifying)),
    ...(concept === undefined ? {} : { 'x-concept': concept }),
  }
}

const described = (doc: Doc | undefined, language: Language): JsonSchema =>
  doc === undefined ? {} : { description: typeof doc === 'string' ? doc : doc[language] }

const identifyingSchema = ({ identifies, scheme, role }: NonNullable<Field['identifying']>): JsonSchema => ({
  maxLength: contractLimits.identifierLength,
  'x-identifies': identifies,
  'x-scheme': scheme,
  'x-role': role,
})

const base64: JsonSchema = { type: 'string', contentEncoding: 'base64' }
const base64Length = (bytes: number) => Math.ceil(bytes / 3) * 4
const decimalPattern = (scale: number) => `^-?(0|[1-9][0-9]*)${scale === 0 ? '' : `(\\.[0-9]{1,${scale}})?`}$`

const timestamp: JsonSchema = { type: 'string', format: 'date-time' }

const scalarSchemas: Readonly<Record<ScalarKind, JsonSchema>> = {
  null: { type: 'null' },
  boolean: { type: 'boolean' },
  int: { type: 'integer', minimum: -(2 ** 31), maximum: 2 ** 31 - 1 },
  long: {
    anyOf: [
      { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
      { type: 'string', pattern: '^(0|-?[1-9][0-9]{0,18})$' },
    ],
  },
  float: { type: 'number' },
  double: { type: 'number' },
  bytes: base64,
  string: { type: 'string' },
  date: { type: 'string', format: 'date' },
  'time-millis': { type: 'string', pattern: '^[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6})?$' },
  'timestamp-millis': timestamp,
  'timestamp-micros': timestamp,
  uuid: { type: 'string', format: 'uuid' },
}
