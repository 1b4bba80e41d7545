const form = /^(\d{4}-(\d\d)-(\d\d)T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?)(?:Z|\+00:00)$/
const days = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** RFC 3339 in UTC, written with `Z`; undefined when the text is none. Its precision stays as given, up to nanoseconds. */
export function utcTime(text: string): string | undefined {
  const [, time, month, day] = form.exec(text) ?? []
  if (time === undefined || Number(day) < 1 || Number(day) > (days[Number(month) - 1] ?? 0)) return undefined
  if (month === '02' && day === '29' && !isLeap(Number(time.slice(0, 4)))) return undefined
  return `${time}Z`
}

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
