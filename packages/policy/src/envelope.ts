/** What every version of the code understands of one fact: whom it is about, and whether it asks for a number. */
export interface FactEnvelope {
  readonly aggregate: string
  readonly numbered?: { readonly sequence: string; readonly of: string }
  /** The fact as it came; its body is a matter of the code's version. */
  readonly body: Readonly<Record<string, unknown>>
}

/** Acceptance looks at this and at nothing else, so that replicas of all versions agree for ever. */
export interface Envelope {
  readonly command: string
  readonly hash: string
  readonly reads: readonly (readonly [aggregate: string, version: number])[]
  readonly facts: readonly FactEnvelope[]
  /** As written, if it is a time at all; no part of what acceptance looks at. */
  readonly at: string | undefined
}

/**
 * The envelope of a record's value, or undefined: null, not JSON, or another shape. This function is a format: what it refuses is
 * refused for ever, so it can't change.
 */
export function readEnvelope(value: Buffer | null): Envelope | undefined {
  const record = parse(value)
  if (!isObject(record)) return undefined
  const { command, hash, reads, facts, at } = record
  if (typeof command !== 'string' || command === '' || typeof hash !== 'string') return undefined
  if (!isObject(reads) || !Array.isArray(facts)) return undefined
  const versions = Object.entries(reads)
  if (!versions.every((read): read is [string, number] => isVersion(read[1]))) return undefined
  const read = facts.map(readFactEnvelope)
  if (!read.every((fact) => fact !== undefined)) return undefined
  return { command, hash, reads: versions, facts: read, at: isTime(at) ? at : undefined }
}

function readFactEnvelope(body: unknown): FactEnvelope | undefined {
  if (!isObject(body)) return undefined
  const { aggregate, numbered } = body
  if (typeof aggregate !== 'string' || aggregate === '') return undefined
  if (numbered === undefined) return { aggregate, body }
  if (!isObject(numbered)) return undefined
  const { sequence, of } = numbered
  return typeof sequence === 'string' && typeof of === 'string'
    ? { aggregate, numbered: { sequence, of }, body }
    : undefined
}

function parse(value: Buffer | null): unknown {
  if (value === null) return undefined
  try {
    return JSON.parse(value.toString('utf8'))
  } catch {
    return undefined
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isVersion = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

export const isTime = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 64 && !Number.isNaN(Date.parse(value))
