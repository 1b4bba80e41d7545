import { expect, test } from '@jest/globals'

import { addDuration } from '../src/index.ts'

const from = (at: string, duration: string) => addDuration(new Date(at), duration)?.toISOString()

test('a duration is added by the calendar, in UTC', () => {
  expect(from('2026-11-22T10:00:00Z', 'PT10M')).toBe('2026-11-22T10:10:00.000Z')
  expect(from('2026-11-22T10:00:00Z', 'P1Y2M3W4DT5H6M7S')).toBe('2028-02-16T15:06:07.000Z')
  expect(from('2024-02-29T00:00:00Z', 'P1Y')).toBe('2025-02-28T00:00:00.000Z')
  expect(from('2026-01-31T12:00:00Z', 'P1M')).toBe('2026-02-28T12:00:00.000Z')
})

test.each(['', 'P', 'PT', 'P0D', 'PT0S', '10M', 'P1.5D', '-P1D', 'P1H'])('%j is no duration', (text) => {
  expect(from('2026-11-22T10:00:00Z', text)).toBeUndefined()
})
