import { type Operation, pack, packedLength } from '../src/batch.ts'

/** Operations packed as the engine packs them. */
export function packed(...operations: readonly Operation[]): Buffer {
  const bytes = Buffer.alloc(operations.reduce((sum, operation) => sum + packedLength(operation), 0))
  const end = operations.reduce((at, operation) => pack(operation, bytes, at), 0)
  if (end !== bytes.length) throw new Error(`packed ${end} bytes of ${bytes.length}`)
  return bytes
}
