import { hash } from 'node:crypto'

/** What makes two publications the same event. `data` as the contract gives it back, so that JSON and Avro of one fact agree. */
export interface Payload {
  readonly type: string
  readonly occurredat: string
  readonly changetype: string
  readonly previouseventid?: string | undefined
  readonly data: unknown
}

/** `sha256:<hex>` of the JCS form of the payload; an absent `previouseventid` is left out. */
export function payloadHash(payload: Payload): string {
  const { type, occurredat, changetype, previouseventid, data } = payload
  const { stringify } = JSON
  const previous = previouseventid === undefined ? '' : `"previouseventid":${stringify(previouseventid)},`
  const head = `{"changetype":${stringify(changetype)},"data":${canonicalJson(data)},"occurredat":${stringify(occurredat)},`
  return `sha256:${hash('sha256', `${head}${previous}"type":${stringify(type)}}`)}`
}

/** JSON Canonicalization Scheme (RFC 8785): keys by UTF-16 code units, no spaces, numbers as ECMAScript writes them. Undefined members are left out. */
export function canonicalJson(value: unknown): string {
  // What the engine writes at once takes a fifth of the time.
  return isInOrder(value) ? JSON.stringify(value) : sorted(value)
}

/** Whether JSON.stringify writes the canonical form: finite numbers, nothing undefined, members in order. */
function isInOrder(value: unknown): boolean {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object') return false
  if (Array.isArray(value)) return value.every(isInOrder)
  let before: string | undefined
  const members = value as Readonly<Record<string, unknown>>
  for (const name of Object.keys(members)) {
    if ((before !== undefined && name < before) || !isInOrder(members[name])) return false
    before = name
  }
  return true
}

function sorted(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') return finite(value)
  if (value === null || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `[${value.map((item: unknown) => sorted(item)).join(',')}]`
  if (typeof value !== 'object') throw new TypeError(`${typeof value} has no canonical JSON`)
  const members = value as Readonly<Record<string, unknown>>
  let text = ''
  for (const key of Object.keys(members).sort()) {
    const member = members[key]
    if (member !== undefined) text += `${text === '' ? '{' : ','}${JSON.stringify(key)}:${sorted(member)}`
  }
  return text === '' ? '{}' : `${text}}`
}

function finite(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError('a number that is not finite has no canonical JSON')
  return JSON.stringify(value)
}
