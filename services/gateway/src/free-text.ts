import { type Field, refuseIdentifier, type Shape } from '@unavez/contracts'

/** Refuses 'identifier-in-clear' at the pointer of a text in which an identifier stands. */
export type TextCheck = (value: unknown, pointer: string) => void

/** No identifier is without a digit: most texts are done with here. */
const digit = /\p{N}/u

const checkText: TextCheck = (value, pointer) => {
  if (typeof value === 'string' && digit.test(value)) refuseIdentifier(value, pointer)
}

/** Checks the free text of a record as its contract gives it back: strings that are not declared as identifiers, and keys of maps. */
export function compileTextCheck(fields: readonly Field[]): TextCheck | undefined {
  const checks = fields.flatMap(({ name, identifying, shape }) => {
    const check = identifying === undefined ? ofShape(shape) : undefined
    return check === undefined ? [] : [{ name, check }]
  })
  if (checks.length === 0) return undefined
  return (value, pointer) => {
    if (typeof value !== 'object' || value === null) return
    const record = value as Readonly<Record<string, unknown>>
    for (const { name, check } of checks) check(record[name], `${pointer}/${name}`)
  }
}

function ofShape(shape: Shape): TextCheck | undefined {
  switch (shape.kind) {
    case 'scalar':
      return shape.scalar === 'string' ? checkText : undefined
    case 'record':
      return compileTextCheck(shape.fields)
    case 'nullable':
      return ofShape(shape.of)
    case 'array':
      return ofItems(ofShape(shape.items))
    case 'map':
      return ofMembers(ofShape(shape.values))
    case 'decimal':
    case 'enum':
    case 'fixed':
      return undefined
  }
}

const ofItems = (check: TextCheck | undefined): TextCheck | undefined =>
  check &&
  ((value, pointer) => {
    if (Array.isArray(value)) value.forEach((item: unknown, i) => check(item, `${pointer}/${i}`))
  })

/** A key is the publisher's text: the pointer ends before it. */
const ofMembers =
  (check: TextCheck | undefined): TextCheck =>
  (value, pointer) => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, member] of Object.entries(value)) {
      checkText(key, pointer)
      check?.(member, pointer)
    }
  }
