import { type Operation, pack, packedRoom } from '../src/batch.ts'
import { ContinuousBuffer } from '../src/continuous-buffer.ts'

/** Operations packed as the engine packs them. */
export function packed(...operations: readonly Operation[]): Buffer {
  const packing = new ContinuousBuffer()
  for (const operation of operations) {
    const room = packedRoom(operation)
    const { start, end } = packing.add(room, (into, at) => pack(operation, into, at))
    if (end - start > room) throw new Error(`packed ${end - start} bytes into ${room}`)
  }
  return packing.take()
}
