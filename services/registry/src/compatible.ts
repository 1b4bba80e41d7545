import { Contract } from '@unavez/contracts'
import type { Compatibility } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

interface Given {
  readonly type: string
  readonly schema: object
  /** Published ones, oldest first. */
  readonly earlier: readonly object[]
  readonly mode: Compatibility
}

/** Refuses 'schema-incompatible' with the pointer of the field that one side could not read. */
export function requireCompatible({ type, schema, earlier, mode }: Given): void {
  const next = new Contract(type, schema)
  const heldAgainst = mode.endsWith('-transitive') ? earlier : earlier.slice(-1)
  for (const each of heldAgainst) {
    const before = new Contract(type, each)
    if (!mode.startsWith('forward')) requireReadable(next, before)
    if (!mode.startsWith('backward')) requireReadable(before, next)
  }
}

function requireReadable(reader: Contract, writer: Contract): void {
  for (const [index, { name }] of reader.fields.entries()) {
    try {
      reader.projection([name], writer)
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      throw new Problem('schema-incompatible', { pointer: `/schema/fields/${index}` })
    }
  }
}
