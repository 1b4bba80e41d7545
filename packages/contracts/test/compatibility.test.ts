import { isDeepStrictEqual } from 'node:util'

import { describe, expect, test } from '@jest/globals'
import { contracts } from '@unavez/schemas'
import fc from 'fast-check'

import { type CompatibilityMode, Contract, incompatibilities, sampleData } from '../src/index.ts'
import { randomContract } from './random-contract.ts'
import { field, key, schemaWith, thingType } from './samples.ts'

const contractOf = (...fields: readonly object[]) => new Contract(thingType, schemaWith(...fields))
const found = (previous: readonly Contract[], next: Contract, mode: CompatibilityMode) =>
  incompatibilities(previous, next, mode).map(({ code, pointer }) => `${code} ${pointer}`)

/** What keeps the second type from following the first, in each direction. */
const between = (before: unknown, after: unknown) => {
  const [earlier, later] = [contractOf(field('value', before)), contractOf(field('value', after))]
  return { backward: found([earlier], later, 'BACKWARD'), forward: found([earlier], later, 'FORWARD') }
}

const decimal = (precision: number, scale: number) => ({ type: 'bytes', logicalType: 'decimal', precision, scale })
const moment = (unit: string) => ({ type: 'long', logicalType: `timestamp-${unit}` })
const date = { type: 'int', logicalType: 'date' }
const color = (symbols: readonly string[], more: object = {}) => ({ type: 'enum', name: 'Color', symbols, ...more })
const record = (...fields: readonly object[]) => ({ type: 'record', name: 'Inner', fields })
const at = '/schema/fields/1/type'
const or = { default: 'red' }

describe('what may follow a type', () => {
  test.each([
    ['int', 'long', [], [`type-changed ${at}`]],
    ['float', 'double', [], [`type-changed ${at}`]],
    ['string', 'bytes', [], [`type-changed ${at}`]],
    ['string', 'int', [`type-changed ${at}`], [`type-changed ${at}`]],
    ['int', date, [`logical-type-changed ${at}`], [`logical-type-changed ${at}`]],
    [moment('millis'), moment('micros'), [`logical-type-changed ${at}`], [`logical-type-changed ${at}`]],
    ['bytes', decimal(5, 2), [`logical-type-changed ${at}`], [`logical-type-changed ${at}`]],
    [decimal(5, 2), decimal(9, 2), [], [`decimal-changed ${at}`]],
    [
      { ...decimal(5, 2), type: 'fixed', name: 'One', size: 4 },
      { ...decimal(5, 2), type: 'fixed', name: 'Two', size: 4 },
      [`name-changed ${at}`],
      [`name-changed ${at}`],
    ],
    [decimal(5, 2), decimal(5, 3), [`decimal-changed ${at}`], [`decimal-changed ${at}`]],
    ['string', ['null', 'string'], [], [`null-added ${at}`]],
    [['null', 'string'], ['string', 'null'], [], []],
    [['null', 'int'], ['null', 'long'], [], [`type-changed ${at}/1`]],
    [color(['red']), color(['red', 'blue']), [], [`symbols-added ${at}`]],
    [color(['red'], or), color(['red', 'blue']), [], []],
    [color(['red', 'blue']), color(['red'], or), [], []],
    [color(['red']), { ...color(['red']), name: 'Colour' }, [`name-changed ${at}`], [`name-changed ${at}`]],
    [
      { type: 'fixed', name: 'Hash', size: 4 },
      { type: 'fixed', name: 'Hash', size: 8 },
      [`size-changed ${at}`],
      [`size-changed ${at}`],
    ],
    [{ type: 'array', items: 'int' }, { type: 'array', items: 'long' }, [], [`type-changed ${at}/items`]],
    [{ type: 'map', values: 'long' }, { type: 'map', values: 'int' }, [`type-changed ${at}/values`], []],
    [
      record(field('a', 'int')),
      record(field('b', 'int'), field('a', 'int')),
      [`field-added-without-default ${at}/fields/0`],
      [],
    ],
    [record(field('a', 'int'), field('b', 'int')), record(field('a', 'int')), [], [`field-removed ${at}/fields`]],
  ])('%j then %j', (...[before, after, backward, forward]) => {
    expect(between(before, after)).toEqual({ backward, forward })
    const [earlier, later] = [contractOf(field('value', before)), contractOf(field('value', after))]
    expect(found([earlier], later, 'FULL').sort()).toEqual([...new Set([...backward, ...forward])].sort())
    expect(found([earlier], later, 'NONE')).toEqual([])
  })

  test('a new field needs a default to read what was written, one that goes needs to have had one', () => {
    const [one, two] = [contractOf(field('a', 'int')), contractOf(field('a', 'int'), field('b', 'int'))]
    const withDefault = contractOf(field('a', 'int'), field('b', 'int', { default: 0 }))
    expect(found([one], two, 'BACKWARD')).toEqual(['field-added-without-default /schema/fields/2'])
    expect(found([two], one, 'FORWARD')).toEqual(['field-removed /schema/fields'])
    expect(incompatibilities([two], one, 'FORWARD')[0]).toMatchObject({ field: 'b', against: 0 })
    for (const mode of ['BACKWARD', 'FORWARD', 'FULL'] as const) {
      expect(found([one], withDefault, mode)).toEqual([])
      expect(found([withDefault], one, mode)).toEqual([])
    }
  })

  test('the transitive modes look at every version, the others at the newest', () => {
    const versions = [
      contractOf(),
      contractOf(field('a', 'int', { default: 0 })),
      contractOf(field('a', 'int', { default: 0 })),
    ]
    const next = contractOf(field('a', 'int'))
    expect(found(versions, next, 'BACKWARD')).toEqual([])
    expect(incompatibilities(versions, next, 'BACKWARD_TRANSITIVE')).toMatchObject([{ field: 'a', against: 0 }])
    expect(found([], next, 'FULL_TRANSITIVE')).toEqual([])
  })
})

describe('what no mode allows to change', () => {
  const modes = ['NONE', 'BACKWARD', 'FORWARD', 'FULL_TRANSITIVE'] as const

  test.each(modes)('%s: a classification does not weaken, also not by way of a version without the field', (mode) => {
    const secret = contractOf(field('a', ['null', 'int'], { default: null, classification: 'sensitive' }))
    const open = contractOf(field('a', ['null', 'int'], { default: null, classification: 'personal' }))
    expect(found([secret], open, mode)).toEqual(['classification-weakened /schema/fields/1/classification'])
    expect(found([secret, contractOf()], open, mode)).toEqual([
      'classification-weakened /schema/fields/1/classification',
    ])
    expect(found([open], secret, mode)).toEqual([])
    const inner = (classification: string) =>
      contractOf(field('a', record(field('b', 'int', { classification })), { classification: 'sensitive' }))
    expect(found([inner('personal')], inner('public'), mode)).toEqual([
      'classification-weakened /schema/fields/1/type/fields/0/classification',
    ])
  })

  test.each(modes)('%s: a field goes on identifying what it identified', (mode) => {
    const party = { ...key, name: 'other', role: 'party' }
    const plain = field('other', 'string', { classification: 'personal' })
    for (const [before, after] of [
      [party, { ...party, scheme: 'pa-ruc' }],
      [
        { ...party, scheme: 'pa-ruc', identifies: 'business' },
        { ...party, scheme: 'pa-ruc' },
      ],
      [party, plain],
      [plain, party],
    ] as const) {
      expect(found([contractOf(before)], contractOf(after), mode)).toEqual(['identifying-changed /schema/fields/1'])
    }
  })

  test.each(modes)('%s: the key stays the key', (mode) => {
    const keyed = (name: string, other: string) =>
      new Contract(thingType, {
        ...schemaWith(),
        fields: [
          { ...key, name },
          { ...key, name: other, role: 'party' },
        ],
      })
    const codes = incompatibilities([keyed('a', 'b')], keyed('b', 'a'), mode).map(({ code }) => code)
    expect(codes).toEqual(['key-changed', 'identifying-changed', 'identifying-changed'])
  })
})

/** A version after a random one: some of its fields as they were, some of another contract's in their place, some gone, some new. */
const followed = fc
  .tuple(randomContract, randomContract, fc.array(fc.nat({ max: 9 }), { minLength: 9, maxLength: 9 }))
  .map(([before, other, choices]) => {
    const others: unknown = JSON.parse(JSON.stringify(other.schema).replaceAll('"name":"N', '"name":"M'))
    const theirs = (others as { fields: readonly object[] }).fields
    const fields = before.schema.fields.flatMap((own, i) => {
      const choice = choices[i] ?? 0
      if (i === 0 || choice < 6) return [own]
      return choice === 9 ? [] : [theirs[i] ?? own]
    })
    const added = choices[0] === 9 ? [field('added', 'int', choices[1] === 9 ? {} : { default: 1 })] : []
    return { before, next: new Contract(thingType, { ...before.schema, fields: [...fields, ...added] }) }
  })

describe('what is declared compatible', () => {
  test('can be read and nothing else can: the verdict is the reader’s own, for any two schemas', () => {
    const reads = (reader: Contract, writer: Contract): boolean => {
      try {
        return (
          reader.projection(
            reader.fields.map(({ name }) => name),
            writer,
          ).fields.length > 0
        )
      } catch {
        return false
      }
    }
    fc.assert(
      fc.property(followed, ({ before, next }) => {
        const previous = new Contract(thingType, before.schema)
        expect(found([previous], next, 'BACKWARD').length === 0).toBe(reads(next, previous))
        expect(found([previous], next, 'FORWARD').length === 0).toBe(reads(previous, next))
      }),
      { numRuns: 500 },
    )
  })

  test('every record of the earlier is read by the later: what both have alike is the same', () => {
    const withData = followed.chain(({ before, next }) => before.data.map((data) => ({ before, next, data })))
    fc.assert(
      fc.property(withData, ({ before, next, data }) => {
        const previous = new Contract(thingType, before.schema)
        if (found([previous], next, 'BACKWARD').length > 0) return
        const { wire, data: written } = previous.encode(data, { schemaId: 1 })
        const names = next.fields.map(({ name }) => name)
        const read = next.projection(names, previous).read(wire)
        expect(Object.keys(read)).toEqual(names)
        const kept = next.fields.filter((one) => isDeepStrictEqual(previous.field(one.name)?.shape, one.shape))
        for (const { name } of kept) expect(read[name]).toEqual(written[name])
      }),
      { numRuns: 300 },
    )
  })

  test.each(Object.entries(contracts))(
    '%s follows itself in every mode, and its sample is read',
    (type, { schema }) => {
      const contract = new Contract(type, schema)
      expect(found([contract], new Contract(type, schema), 'FULL_TRANSITIVE')).toEqual([])
      const { wire, data } = contract.encode(sampleData(contract), { schemaId: 1 })
      expect(
        new Contract(type, schema)
          .projection(
            contract.fields.map(({ name }) => name),
            contract,
          )
          .read(wire),
      ).toEqual(data)
    },
  )
})
