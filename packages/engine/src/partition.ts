import { limits } from './limits.ts'

/** The partition of a key: murmur2 as Kafka's default partitioner computes it, so that other clients agree. */
export function partitionOf(key: Buffer, partitions: number = limits.partitions): number {
  return (murmur2(key) & 0x7fffffff) % partitions
}

function murmur2(data: Buffer): number {
  const m = 0x5bd1e995
  const length = data.length
  let h = 0x9747b28c ^ length
  const blocks = length - (length % 4)
  for (let i = 0; i < blocks; i += 4) {
    let k = Math.imul(data.readInt32LE(i), m)
    k = Math.imul(k ^ (k >>> 24), m)
    h = Math.imul(h, m) ^ k
  }
  const rest = length % 4
  if (rest === 3) h ^= (data[blocks + 2] ?? 0) << 16
  if (rest >= 2) h ^= (data[blocks + 1] ?? 0) << 8
  if (rest >= 1) h = Math.imul(h ^ (data[blocks] ?? 0), m)
  h = Math.imul(h ^ (h >>> 13), m)
  return h ^ (h >>> 15)
}
