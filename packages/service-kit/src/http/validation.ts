import { Problem, type ProblemCode, type Text } from '@unavez/protocol'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { TLocalizedValidationError } from 'typebox/error'

/** Passes the value or throws the problem with the JSON Pointer of the first fault; the value itself is never repeated. */
export type Check = (value: unknown) => void

const texts: Readonly<Record<string, Text>> = {
  required: { es: 'Falta un campo obligatorio', en: 'A required field is missing' },
  additionalProperties: { es: 'Hay un campo desconocido', en: 'There is an unknown field' },
  type: { es: 'El tipo no es el esperado', en: 'It is not of the expected type' },
  pattern: { es: 'No sigue el formato', en: 'It does not follow the format' },
  format: { es: 'No sigue el formato', en: 'It does not follow the format' },
  const: { es: 'No es uno de los valores admitidos', en: 'It is none of the accepted values' },
  enum: { es: 'No es uno de los valores admitidos', en: 'It is none of the accepted values' },
  anyOf: { es: 'No es ninguna de las formas admitidas', en: 'It is none of the accepted forms' },
}
const outOfBounds: Text = { es: 'Está fuera de los límites', en: 'It is out of bounds' }

export function compileCheck(schema: TSchema, code: ProblemCode): Check {
  const validator = Compile(schema)
  return (value) => {
    if (validator.Check(value)) return
    const errors = validator.Errors(value)
    const fault = errors.find(({ keyword }) => keyword === 'additionalProperties') ?? errors[0]
    throw new Problem(code, {
      pointer: fault === undefined ? '' : pointerOf(fault),
      detail: texts[fault?.keyword ?? ''] ?? outOfBounds,
    })
  }
}

/** A name that a caller made up may itself be an identifier; only what looks like a field name is repeated. */
const fieldName = /^(?!.*\d{4})[A-Za-z_][A-Za-z0-9_]{0,63}$/

function pointerOf(fault: TLocalizedValidationError): string {
  const segments = fault.instancePath.split('/')
  const known = segments.findIndex((segment, at) => at > 0 && !fieldName.test(segment) && !/^\d{1,4}$/.test(segment))
  const path = known === -1 ? fault.instancePath : segments.slice(0, known).join('/')
  const named =
    fault.keyword === 'required'
      ? fault.params.requiredProperties[0]
      : fault.keyword === 'additionalProperties'
        ? fault.params.additionalProperties[0]
        : undefined
  return named !== undefined && fieldName.test(named) ? `${path}/${named}` : path
}

/** Query parameters arrive as text: integers, numbers and booleans are read strictly, defaults filled in, then checked. */
export function compileQuery(schema: TSchema): (query: unknown) => unknown {
  const check = compileCheck(schema, 'query-invalid')
  const properties = Object.entries(propertiesOf(schema))
  return (query) => {
    const read: Record<string, unknown> = { ...(typeof query === 'object' ? query : {}) }
    for (const [name, property] of properties) {
      const value = read[name]
      if (value === undefined) {
        if (property.default !== undefined) read[name] = property.default
      } else if (typeof value === 'string') read[name] = readText(value, property.type)
    }
    check(read)
    return read
  }
}

function readText(text: string, type: unknown): unknown {
  if (type === 'integer') return /^-?\d{1,15}$/.test(text) ? Number(text) : text
  if (type === 'number') return /^-?\d{1,15}(\.\d{1,15})?$/.test(text) ? Number(text) : text
  if (type === 'boolean') return text === 'true' ? true : text === 'false' ? false : text
  return text
}

export interface PropertySchema {
  readonly type?: unknown
  readonly default?: unknown
  readonly description?: unknown
}

/** The properties of an object schema, as JSON Schema has them. */
export function propertiesOf(schema: TSchema): Readonly<Record<string, PropertySchema>> {
  const { properties } = schema as { properties?: Readonly<Record<string, PropertySchema>> }
  return properties ?? {}
}
