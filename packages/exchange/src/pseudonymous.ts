import { canonicalIdentifier, type Field, type Shape } from '@unavez/contracts'

/** From a root to the one that it is shown under. */
export type Joined = (root: string) => string

/** From an identifier in clear to what stands in its place. */
type Hide = (scheme: string, id: string, joined: Joined) => string

type Rewrite = (value: unknown, joined: Joined) => unknown

/**
 * What puts pseudonyms in the place of the identifiers inside some fields of a record's plain JSON. An identifier without a
 * canonical form can't be anybody's, and throws: nothing that was to be hidden leaves in clear.
 */
export function compilePseudonyms(
  fields: readonly Field[],
  names: readonly string[],
  pseudonym: (identifier: { readonly scheme: string; readonly id: string }, joined: Joined) => string,
): (data: Record<string, unknown>, joined: Joined) => Record<string, unknown> {
  const hide: Hide = (scheme, id, joined) => {
    const canonical = canonicalIdentifier(scheme, id)
    if (canonical === undefined) throw new Error('an identifier has no canonical form')
    return pseudonym(canonical, joined)
  }
  const rewrites = membersOf(
    fields.filter(({ name }) => names.includes(name)),
    hide,
  )
  return (data, joined) => applied(data, rewrites, joined)
}

function membersOf(fields: readonly Field[], hide: Hide): ReadonlyMap<string, Rewrite> {
  const rewrites = new Map<string, Rewrite>()
  for (const field of fields) {
    const rewrite = ofField(field, hide)
    if (rewrite !== undefined) rewrites.set(field.name, rewrite)
  }
  return rewrites
}

function ofField({ identifying, shape }: Field, hide: Hide): Rewrite | undefined {
  if (identifying === undefined) return ofShape(shape, hide)
  return (value, joined) => (typeof value === 'string' ? hide(identifying.scheme, value, joined) : value)
}

function ofShape(shape: Shape, hide: Hide): Rewrite | undefined {
  switch (shape.kind) {
    case 'nullable':
      return ofShape(shape.of, hide)
    case 'record': {
      const rewrites = membersOf(shape.fields, hide)
      return rewrites.size === 0
        ? undefined
        : (value, joined) => (isRecord(value) ? applied(value, rewrites, joined) : value)
    }
    case 'array': {
      const each = ofShape(shape.items, hide)
      return each && ((value, joined) => (Array.isArray(value) ? value.map((item) => each(item, joined)) : value))
    }
    case 'map': {
      const each = ofShape(shape.values, hide)
      return (
        each &&
        ((value, joined) =>
          isRecord(value)
            ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, each(one, joined)]))
            : value)
      )
    }
    case 'scalar':
    case 'decimal':
    case 'enum':
    case 'fixed':
      return undefined
  }
}

function applied(
  data: Record<string, unknown>,
  rewrites: ReadonlyMap<string, Rewrite>,
  joined: Joined,
): Record<string, unknown> {
  const hidden = { ...data }
  for (const [name, rewrite] of rewrites) if (Object.hasOwn(hidden, name)) hidden[name] = rewrite(hidden[name], joined)
  return hidden
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
