const period = /^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?$/
const duration =
  /^P(?=.)(?:\d{1,4}Y)?(?:\d{1,4}M)?(?:\d{1,4}W)?(?:\d{1,5}D)?(?:T(?=\d)(?:\d{1,5}H)?(?:\d{1,5}M)?(?:\d{1,5}S)?)?$/

/** Fewest days of an ISO 8601 period of years, months, weeks and days (a month has at least 28, a year 365); undefined when it is none. */
export function periodDays(text: string): number | undefined {
  const found = period.exec(text)
  if (found === null || text === 'P') return undefined
  const [, years = '0', months = '0', weeks = '0', days = '0'] = found
  return Number(years) * 365 + Number(months) * 28 + Number(weeks) * 7 + Number(days)
}

/** ISO 8601, to the second, and not nothing at all: `PT1H`. */
export const isDuration = (text: string): boolean => duration.test(text) && /[1-9]/.test(text)
