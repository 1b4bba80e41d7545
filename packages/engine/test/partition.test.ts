import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { limits, partitionOf } from '../src/index.ts'

/** Key in hex, its partition of 12 and of 1,000: as kafkajs's default partitioner and the Java client compute them. */
const vectors: readonly (readonly [string, number, number])[] = [
  ['', 9, 681],
  ['61', 4, 524],
  ['6162', 2, 434],
  ['616263', 3, 107],
  ['61626364', 8, 100],
  ['6162636465', 1, 741],
  ['ff', 3, 963],
  ['80fffe', 1, 165],
  ['6e69c3b1657a', 8, 324],
  ['74686520717569636b2062726f776e20666f78', 1, 129],
  ['5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9', 10, 22],
  ['6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b', 4, 224],
  ['d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13', 7, 371],
  ['4e07408562bedb8b60ce05c1decfe3ad16b72230967de01f640b7e4729', 1, 49],
  ['4b227777d4dd1fc61c6f884f48641d02b4d121d3fd328cb08b5531fc', 10, 882],
  ['ef2d127de37b942baad06145e54b0c619a1f22327b2ebbcfbec78f', 0, 508],
]

describe('the partition of a key', () => {
  test.each(vectors)('key %s goes where other Kafka clients put it', (hex, ofTwelve, ofThousand) => {
    const key = Buffer.from(hex, 'hex')
    expect(partitionOf(key)).toBe(ofTwelve)
    expect(partitionOf(key, 1_000)).toBe(ofThousand)
  })

  test('every key has one of the partitions, wherever its bytes stand in memory', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.nat({ max: 7 }), (bytes, shift) => {
        const memory = Buffer.alloc(bytes.length + shift)
        memory.set(bytes, shift)
        const partition = partitionOf(memory.subarray(shift))
        expect(partition).toBe(partitionOf(Buffer.from(bytes)))
        expect(partition).toBeGreaterThanOrEqual(0)
        expect(partition).toBeLessThan(limits.partitions)
      }),
    )
  })
})
