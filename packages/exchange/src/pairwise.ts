import { randomBytes } from 'node:crypto'

import type { Registers } from '@unavez/engine'
import { open, seal } from '@unavez/service-kit'

/** The keys under which consumers see subjects: one per institution, a sealed register, made by whoever needs it first. */
export function openPairwiseKeys(registers: Registers, sealing: Buffer): (institution: string) => Promise<Buffer> {
  const known = new Map<string, Buffer>()
  return async (institution) => {
    const cached = known.get(institution)
    if (cached !== undefined) return cached
    const name = `pairwise/${institution}`
    let value = await registers.get(name)
    if (value === undefined) {
      await registers.compareAndPut(name, undefined, seal(sealing, name, randomBytes(32)))
      value = await registers.get(name)
    }
    if (value === undefined) throw new Error('a register that was just written is not there')
    const key = open(sealing, name, value)
    known.set(institution, key)
    return key
  }
}
