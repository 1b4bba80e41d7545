const period = /^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?$/

interface Period {
  readonly years: number
  readonly months: number
  readonly days: number
}

function periodOf(text: string): Period | undefined {
  const found = period.exec(text)
  if (found === null || text === 'P') return undefined
  const [, years = '0', months = '0', weeks = '0', days = '0'] = found
  return { years: Number(years), months: Number(months), days: Number(weeks) * 7 + Number(days) }
}

/** Fewest days of an ISO 8601 period of years, months, weeks and days (a month has at least 28, a year 365); undefined when it is none. */
export function periodDays(text: string): number | undefined {
  const found = periodOf(text)
  return found && found.years * 365 + found.months * 28 + found.days
}

/** The time that lies a period before another, by the calendar in UTC: P1M before the last of March is no later than the last of February. */
export function periodBefore(at: Date, text: string): Date | undefined {
  const found = periodOf(text)
  if (found === undefined) return undefined
  const { years, months, days } = found
  const before = new Date(at)
  const day = before.getUTCDate()
  before.setUTCDate(1)
  before.setUTCMonth(before.getUTCMonth() - months - 12 * years)
  const lastDay = new Date(Date.UTC(before.getUTCFullYear(), before.getUTCMonth() + 1, 0)).getUTCDate()
  before.setUTCDate(Math.min(day, lastDay))
  before.setUTCDate(before.getUTCDate() - days)
  return before
}
