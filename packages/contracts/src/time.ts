/** ISO texts and the integers that Avro keeps for them. Years 0001 to 9999, UTC; undefined when a text is not of the form. */

const dayMs = 86_400_000
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Days since 1970-01-01 that four-digit years can express. */
const firstDay = -719_162
const lastDay = 2_932_896

function digits(text: string, from: number, to: number): number {
  let value = 0
  for (let i = from; i < to; i += 1) {
    const digit = text.charCodeAt(i) - 48
    if (!(digit >= 0 && digit <= 9)) return Number.NaN
    value = value * 10 + digit
  }
  return value
}

/** Days from civil, after Howard Hinnant's "chrono-compatible low-level date algorithms". */
function daysOf(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

const isLeap = (year: number) => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

/** `YYYY-MM-DD` → days since 1970-01-01. */
export function parseDate(text: string): number | undefined {
  return text.length === 10 ? dateAt(text) : undefined
}

function dateAt(text: string): number | undefined {
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 7)
  const day = digits(text, 8, 10)
  if (text[4] !== '-' || text[7] !== '-' || !(year >= 1) || !(month >= 1 && month <= 12)) return undefined
  const longest = month === 2 && isLeap(year) ? 29 : (monthDays[month - 1] ?? 0)
  return day >= 1 && day <= longest ? daysOf(year, month, day) : undefined
}

/** The inverse of `daysOf`, from the same source: a Date with its text costs ten times as much. */
export function formatDate(days: number): string | undefined {
  if (days < firstDay || days > lastDay) return undefined
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const century = Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor((dayOfEra - Math.floor(dayOfEra / 1_460) + century) / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`
}

const twoDigits = (value: number): string => (value < 10 ? `0${value}` : String(value))

const clockPattern = /^([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]{1,6}))?/
const zonePattern = /^(?:[Zz]|([+-])([01][0-9]|2[0-3]):([0-5][0-9]))$/

/** Microseconds since midnight at the start of the text, and what follows them. */
function clock(text: string): { readonly micros: number; readonly rest: string } | undefined {
  const match = clockPattern.exec(text)
  if (match === null) return undefined
  const [all, hours, minutes, seconds, fraction = ''] = match
  const whole = Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)
  return { micros: whole * 1_000_000 + Number(fraction.padEnd(6, '0')), rest: text.slice(all.length) }
}

/** `HH:MM:SS[.mmm]` → milliseconds since midnight. */
export function parseTime(text: string): number | undefined {
  const found = clock(text)
  return found?.rest === '' && found.micros % 1_000 === 0 ? found.micros / 1_000 : undefined
}

/** RFC 3339 with any offset → microseconds since 1970. Leap seconds are refused: Avro has no place for them. */
export function parseMicros(text: string): bigint | undefined {
  const separator = text[10]
  const days = separator === 'T' || separator === 't' ? dateAt(text) : undefined
  const time = days === undefined ? undefined : clock(text.slice(11))
  const zone = time === undefined ? null : zonePattern.exec(time.rest)
  if (days === undefined || time === undefined || zone === null) return undefined
  const [, sign, hours = '0', minutes = '0'] = zone
  const offset = (Number(hours) * 3_600 + Number(minutes) * 60) * (sign === '-' ? -1 : 1)
  const seconds = days * 86_400 - offset
  if (seconds < firstDay * 86_400 || seconds >= (lastDay + 1) * 86_400) return undefined
  return BigInt(seconds) * 1_000_000n + BigInt(time.micros)
}

/** The same to the millisecond; undefined when the text is more precise. */
export function parseMillis(text: string): number | undefined {
  const micros = parseMicros(text)
  return micros === undefined || micros % 1_000n !== 0n ? undefined : Number(micros / 1_000n)
}

/** Milliseconds since midnight → `HH:MM:SS`, with `.mmm` only when it is not zero. */
export function formatTime(millis: number): string | undefined {
  if (millis < 0 || millis >= dayMs) return undefined
  return short(new Date(millis).toISOString().slice(11, 23))
}

export function formatMillis(millis: number): string | undefined {
  if (millis < firstDay * dayMs || millis >= (lastDay + 1) * dayMs) return undefined
  return `${short(new Date(millis).toISOString().slice(0, 23))}Z`
}

/** Three more digits only where they are not zero. */
export function formatMicros(micros: bigint): string | undefined {
  const rest = ((micros % 1_000n) + 1_000n) % 1_000n
  const millis = Number((micros - rest) / 1_000n)
  if (rest === 0n) return formatMillis(millis)
  if (formatMillis(millis) === undefined) return undefined
  return `${new Date(millis).toISOString().slice(0, 23)}${rest.toString().padStart(3, '0')}Z`
}

const short = (text: string) => (text.endsWith('.000') ? text.slice(0, -4) : text)
