import { describe, expect, test } from '@jest/globals'
import { Problem } from '@unavez/protocol'
import { contracts } from '@unavez/schemas'
import fc from 'fast-check'

import { Contract } from '../src/index.ts'
import { schema as vectorSchema } from './java-avro.vectors.ts'

const codeOf = (act: () => unknown): string => {
  try {
    act()
    return 'fine'
  } catch (error) {
    return error instanceof Problem ? error.code : String(error)
  }
}

/** Every place in a JSON value, as the steps that lead there. */
function places(value: unknown, steps: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [steps]
  return [steps, ...Object.entries(value).flatMap(([key, member]) => places(member, [...steps, key]))]
}

/** A copy with something else at the place. */
function replaced(value: unknown, steps: readonly string[], other: unknown): unknown {
  const [step, ...rest] = steps
  if (step === undefined) return other
  if (Array.isArray(value)) {
    return value.map((item: unknown, i) => (String(i) === step ? replaced(item, rest, other) : item))
  }
  const members = Object.entries(value as object)
  return Object.fromEntries(
    members.map(([key, member]) => [key, key === step ? replaced(member, rest, other) : member]),
  )
}

const words = fc.constantFrom<unknown>(
  'null',
  'record',
  'array',
  'string',
  'bytes',
  'fixed',
  'decimal',
  'date',
  -1,
  0,
  1e99,
  '',
)
const nodes = fc.constantFrom<unknown>(
  { type: 'int' },
  { type: { type: 'int' } },
  ['null'],
  ['null', 'null'],
  [[]],
  {},
  { type: null },
)
const anything = fc.oneof(words, nodes, fc.jsonValue())

const type = 'zz.test.vector-taken.v1'
const birthType = 'pa.gob.civil.birth-registered.v1'
const birth = {
  child: '8-1234-567',
  givenNames: 'A',
  surnames: 'B',
  birthDate: '2026-11-20',
  birthPlace: '080101',
  sex: 'male',
  mother: null,
  father: '8-1-1',
  hospitalDeclaration: { facility: 'HST', number: '1' },
  registrationNumber: '1',
}

describe('whatever is sent', () => {
  test('a schema is valid or schema-invalid, and a valid one compiles to the same text again', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places(vectorSchema)), anything, (steps, other) => {
        const schema = replaced(vectorSchema, steps, other)
        const code = codeOf(() => {
          const { schemaText } = new Contract(type, schema)
          expect(new Contract(type, JSON.parse(schemaText)).schemaText).toBe(schemaText)
        })
        expect(['fine', 'schema-invalid']).toContain(code)
      }),
      { numRuns: 2_000 },
    )
  })

  test('data is taken or refused with a pointer to it', () => {
    const contract = new Contract(birthType, contracts[birthType].schema)
    fc.assert(
      fc.property(fc.constantFrom(...places(birth)), anything, (steps, other) => {
        const data = replaced(birth, steps, other)
        expect(['fine', 'data-invalid', 'identifier-invalid']).toContain(
          codeOf(() => contract.encode(data, { schemaId: 1 })),
        )
      }),
      { numRuns: 2_000 },
    )
  })

  test('bytes are read or refused', () => {
    const contract = new Contract(type, vectorSchema)
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const wire = Buffer.concat([Buffer.alloc(5), bytes])
        expect(['fine', 'data-invalid']).toContain(codeOf(() => contract.decode(wire)))
        expect(['fine', 'data-invalid']).toContain(codeOf(() => contract.projection(['map']).read(wire)))
      }),
      { numRuns: 2_000 },
    )
  })
})
