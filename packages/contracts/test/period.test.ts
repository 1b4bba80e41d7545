import { describe, expect, test } from '@jest/globals'

import { periodBefore, periodDays } from '../src/index.ts'

const before = (at: string, period: string): string | undefined => periodBefore(new Date(at), period)?.toISOString()

describe('A period of the calendar', () => {
  test('lies before a time, by days, weeks, months and years', () => {
    expect(before('2026-11-22T10:00:00Z', 'P90D')).toBe('2026-08-24T10:00:00.000Z')
    expect(before('2026-11-22T10:00:00Z', 'P5W')).toBe('2026-10-18T10:00:00.000Z')
    expect(before('2026-11-22T10:00:00Z', 'P3M')).toBe('2026-08-22T10:00:00.000Z')
    expect(before('2026-11-22T10:00:00Z', 'P1Y2M3D')).toBe('2025-09-19T10:00:00.000Z')
  })

  test('never reaches into the month it began in: what is kept for a month is not forgotten a day early', () => {
    expect(before('2026-03-31T00:00:00Z', 'P1M')).toBe('2026-02-28T00:00:00.000Z')
    expect(before('2028-02-29T00:00:00Z', 'P1Y')).toBe('2027-02-28T00:00:00.000Z')
  })

  test('what is none says so', () => {
    for (const text of ['', 'P', '90D', 'PT1H', 'P-1D', 'P1.5D']) {
      expect([before('2026-01-01T00:00:00Z', text), periodDays(text)]).toEqual([undefined, undefined])
    }
  })
})
