const form =
  /^P(?=.)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,5})H)?(?:(\d{1,5})M)?(?:(\d{1,5})S)?)?$/

/**
 * The moment an ISO 8601 duration (`P1Y`, `PT10M`, to the second) after another, by the calendar in UTC: a month after 31 January
 * is the last of February. Undefined when the text is no duration, or nothing at all (`P0D`).
 */
export function addDuration(at: Date, duration: string): Date | undefined {
  const found = form.exec(duration)
  if (found === null) return undefined
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = found
    .slice(1)
    .map((part: string | undefined) => Number(part ?? 0))
  const moved = new Date(at)
  const day = moved.getUTCDate()
  moved.setUTCDate(1)
  moved.setUTCMonth(moved.getUTCMonth() + years * 12 + months)
  moved.setUTCDate(Math.min(day, daysIn(moved)))
  moved.setUTCDate(moved.getUTCDate() + weeks * 7 + days)
  const end = new Date(moved.getTime() + ((hours * 60 + minutes) * 60 + seconds) * 1000)
  return end.getTime() > at.getTime() ? end : undefined
}

const daysIn = (month: Date): number =>
  new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth() + 1, 0)).getUTCDate()
