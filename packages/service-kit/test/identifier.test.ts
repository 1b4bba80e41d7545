import { describe, expect, test } from '@jest/globals'

import { identifierOf } from '../src/index.ts'

const te = { institution: 'te', system: 'registro' }
const of = (key: string | undefined, actor = te, prefix = 'agr') =>
  identifierOf(prefix, { actor, headers: key === undefined ? {} : { 'idempotency-key': key } })

describe('An identifier', () => {
  test('of a repeated command is the same, on any instance', () => {
    expect(of('key-1')).toBe(of('key-1'))
    expect(of('key-1')).toMatch(/^agr_[a-z2-7]{26}$/)
  })

  test('of another key, system, institution or kind is another', () => {
    const others = [
      of('key-2'),
      of('key-1', { institution: 'te', system: 'other' }),
      of('key-1', { institution: 'css', system: 'registro' }),
      of('key-1', te, 'sub'),
    ]
    expect(new Set([of('key-1'), ...others]).size).toBe(5)
  })

  test('of a command without a key is new each time', () => {
    expect(of(undefined)).not.toBe(of(undefined))
    expect(of(undefined)).toMatch(/^agr_[a-z2-7]{26}$/)
  })
})
