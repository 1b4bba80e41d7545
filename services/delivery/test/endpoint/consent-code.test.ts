import { expect, test } from '@jest/globals'

import { decodeConsentCode, encodeConsentCode } from '../../src/endpoint/consent-code.ts'

test('the code of a callback is fixed by its format', () => {
  const key = Buffer.alloc(32, 7)
  const asked = { subscription: 'sub_1', version: 3, until: new Date('2026-11-23T10:00:00Z') }
  const code = encodeConsentCode(key, asked)
  expect(code).toBe('AAAAAwBrBA6gPFKofUS4-bMm3htx1J5JGA')
  expect(decodeConsentCode(key, { subscription: 'sub_1', code }, new Date('2026-11-23T10:00:00Z'))).toEqual(asked)
  expect(decodeConsentCode(key, { subscription: 'sub_1', code }, new Date('2026-11-23T10:00:01Z'))).toBeUndefined()
})
