import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { decodePosition, encodePosition } from '../src/position.ts'

const partition = fc.integer({ min: 0, max: 1023 })
const offset = fc.maxSafeNat()

describe('position', () => {
  test('a position is the same again after its way through text', () => {
    fc.assert(
      fc.property(partition, offset, (p, o) => {
        expect(decodePosition(encodePosition(p, o))).toEqual({ partition: p, offset: o })
      }),
    )
  })

  test('positions of one partition compare as text as their offsets do as numbers', () => {
    fc.assert(
      fc.property(partition, offset, offset, (p, a, b) => {
        expect(encodePosition(p, a) < encodePosition(p, b)).toBe(a < b)
      }),
    )
  })

  test('the text of a position never changes: these are its vectors', () => {
    expect(encodePosition(0, 0)).toBe('0000000000000')
    expect(encodePosition(11, 1_000_000)).toBe('0b0000000ugi0')
    expect(encodePosition(3, Number.MAX_SAFE_INTEGER)).toBe('037vvvvvvvvvv')
  })

  test('what is no position is not read as one', () => {
    for (const text of ['', '0', '000000000000', '00000000000000', '000000000000w', '00zzzzzzzzzzz', '00vvvvvvvvvvv'])
      expect(decodePosition(text)).toBeUndefined()
  })
})
