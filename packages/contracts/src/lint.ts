import { Problem, type Text } from '@unavez/protocol'

import { Contract } from './contract.ts'
import { isPlainObject } from './encode.ts'
import { contractLimits } from './limits.ts'
import { type LintCode, lintTexts } from './lint-texts.ts'
import { pointerStep } from './names.ts'
import { scalarKinds } from './shape.ts'

/** A contract as it is offered; other members are not looked at. */
export interface LintedDocument {
  readonly type: string
  readonly schema: unknown
  readonly description?: unknown
  readonly parameters?: unknown
  /** Data that follows the schema. */
  readonly sample?: unknown
}

export interface LintWarning {
  /** JSON Pointer into the document. */
  readonly pointer: string
  readonly code: LintCode
  readonly text: Text
}

interface Place {
  readonly pointer: string
  readonly depth: number
  readonly warnings: LintWarning[]
}

/** Advice about a contract, in the document's order, as much as the limit allows. Never refuses: of a schema that is not valid it says what it can. */
export function lintContract(document: LintedDocument): readonly LintWarning[] {
  const { description, parameters, schema, sample } = document
  const place: Place = { pointer: '', depth: 0, warnings: [] }
  if (description !== undefined) lintDoc(description, at(place, 'description'))
  if (parameters !== undefined) lintType(parameters, at(place, 'parameters'))
  lintType(schema, at(place, 'schema'))
  if (sample !== undefined) lintSample(document, place)
  return place.warnings
}

const at = (place: Place, step: string | number): Place => ({
  ...place,
  pointer: `${place.pointer}${pointerStep(step)}`,
  depth: place.depth + 1,
})

function warn({ pointer, warnings }: Place, code: LintCode): void {
  if (warnings.length < contractLimits.lintWarnings) warnings.push({ pointer, code, text: lintTexts[code] })
}

function lintDoc(doc: unknown, place: Place): void {
  const { es, en } = isPlainObject(doc) ? doc : {}
  const isText = (text: unknown): text is string => typeof text === 'string' && text.trim() !== ''
  if (doc === undefined || doc === '') warn(place, 'doc-missing')
  else if (!isText(es) || !isText(en)) warn(place, 'doc-one-language')
  else if (es === en) warn(place, 'doc-repeated')
}

const pascalCase = /^[A-Z][A-Za-z0-9]*$/
const camelCase = /^[a-z][A-Za-z0-9]*$/
const symbolCase = /^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$/
const isScalar = (node: unknown) => scalarKinds.some((kind) => kind === node)

/** A type inside a type is some steps further down: beyond these no schema is valid. */
const depthMax = 4 * contractLimits.schemaDepth

function lintType(node: unknown, place: Place): void {
  if (place.depth > depthMax) return
  if (Array.isArray(node)) {
    node.forEach((branch, i) => lintType(branch, at(place, i)))
    return
  }
  if (!isPlainObject(node)) return
  const { type, name } = node
  if (typeof name === 'string' && !pascalCase.test(name.slice(name.lastIndexOf('.') + 1))) {
    warn(at(place, 'name'), 'type-name-case')
  }
  if (type === 'record') {
    lintDoc(node['doc'], at(place, 'doc'))
    const fields: readonly unknown[] = Array.isArray(node['fields']) ? node['fields'] : []
    fields.forEach((field, i) => lintField(field, at(at(place, 'fields'), i)))
  } else if (type === 'enum') {
    const symbols: readonly unknown[] = Array.isArray(node['symbols']) ? node['symbols'] : []
    const odd = symbols.some((symbol) => typeof symbol === 'string' && !symbolCase.test(symbol))
    if (odd) warn(at(place, 'symbols'), 'symbol-case')
  } else if (type === 'array' || type === 'map') {
    const step = type === 'array' ? 'items' : 'values'
    lintType(node[step], at(place, step))
  } else if (!isScalar(type)) {
    lintType(type, at(place, 'type'))
  }
}

function lintField(field: unknown, place: Place): void {
  if (!isPlainObject(field)) return
  const { name, type, doc } = field
  lintDoc(doc, at(place, 'doc'))
  if (typeof name === 'string') {
    lintFieldName(name, at(place, 'name'))
    lintMeaning(name, field, place)
  }
  if (Array.isArray(type) && field['default'] !== null) warn(place, 'null-without-default')
  lintType(type, at(place, 'type'))
}

function lintFieldName(name: string, place: Place): void {
  if (name in Object.prototype || name === 'prototype') warn(place, 'name-reserved')
  else if (!camelCase.test(name)) warn(place, 'field-name-case')
}

/** Words of names, in the languages that contracts are written in. */
const identifierWords = words(
  'cedula cip ruc dui nit dni passport pasaporte placa plate ssn curp identityNumber identityCard nationalId taxId ' +
    'personId citizenId idNumber numeroDocumento documentoIdentidad',
)
const freeTextWords = words(
  'comment remark note observation observacione comentario nota freeText text texto message mensaje narrative descripcion ' +
    'description detail detalle',
)
const timeWords = words('date fecha timestamp datetime birthday')
const amountWords = words('amount monto price precio salary salario balance saldo total tax impuesto fee tarifa')

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' ').map((word) => word.toLowerCase()))
}

/** A name's words are looked for one by one and in pairs, in singular too: `motherIdentityNumber`, `cedula_madre` and `taxIds` are found. */
function says(name: string, wanted: ReadonlySet<string>): boolean {
  const parts = name
    .split(/_|(?<=[a-z0-9])(?=[A-Z])/)
    .filter((part) => part !== '')
    .map((part) => part.toLowerCase())
  const pairs = parts.slice(1).map((part, i) => `${parts[i] ?? ''}${part}`)
  return [...parts, ...pairs].some((word) => wanted.has(word) || wanted.has(word.replace(/s$/, '')))
}

function lintMeaning(name: string, field: Readonly<Record<string, unknown>>, place: Place): void {
  const { type, identifies, classification } = field
  if (identifies === 'person' && classification === 'public') warn(at(place, 'classification'), 'identifier-public')
  const scalar = plainType(type)
  if (scalar === 'string' && identifies === undefined) {
    if (says(name, identifierWords)) warn(place, 'identifier-undeclared')
    else if (says(name, freeTextWords)) warn(place, 'free-text')
    else if (says(name, timeWords) || /[a-z](?:At|On)$/.test(name)) warn(at(place, 'type'), 'text-for-time')
  }
  if ((scalar === 'float' || scalar === 'double') && says(name, amountWords))
    warn(at(place, 'type'), 'float-for-amount')
}

/** The scalar of a type, its null and a list around it left aside; undefined when a logical type or parts tell more. */
function plainType(type: unknown, left: number = contractLimits.schemaDepth): unknown {
  if (left === 0) return undefined
  const branches: readonly unknown[] | undefined = Array.isArray(type) ? type : undefined
  if (branches !== undefined)
    return plainType(
      branches.find((branch) => branch !== 'null'),
      left - 1,
    )
  if (!isPlainObject(type)) return type
  if (type['logicalType'] !== undefined) return undefined
  return plainType(type['type'] === 'array' ? type['items'] : type['type'], left - 1)
}

function lintSample({ type, schema, sample }: LintedDocument, place: Place): void {
  const contract = compiled(type, schema)
  if (contract === undefined) return
  try {
    contract.encode(sample, { schemaId: 1, pointer: `${place.pointer}/sample` })
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    warn({ ...place, pointer: error.details.pointer ?? '/sample' }, 'sample-invalid')
  }
}

function compiled(type: string, schema: unknown): Contract | undefined {
  try {
    return new Contract(type, schema)
  } catch (error) {
    if (error instanceof Problem) return undefined
    throw error
  }
}
