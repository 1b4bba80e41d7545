import { expect, test } from '@jest/globals'

import { CursorDigest, RangeDigest } from '../src/index.ts'

const digestOf = (events: readonly (readonly [string, string, string])[]) => {
  const digest = new RangeDigest()
  for (const [source, id, shown] of events) digest.add(source, id, shown)
  return digest.end()
}

// A format: consumers compute it by themselves, so these words never change.
test('P10: the digest of a range is fixed by its format', () => {
  expect(digestOf([])).toEqual({
    count: 0,
    hash: 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  })
  expect(digestOf([['urn:unavez:pa:te:registro', 'e-1', '{"a":1}']])).toEqual({
    count: 1,
    hash: 'sha256:f80470423f5567413cc23ab63e99a93bf0799a54ceb86c549fb2baa2e0afcffc',
  })
})

test('P10: another order, another id, another byte, or a part moved into its neighbour is another digest', () => {
  const [a, b] = [['s', '1', 'x'] as const, ['s', '2', 'y'] as const]
  const hashes = [[a, b], [b, a], [a], [['s', '1', 'X'] as const, b], [['s1', '', 'x'] as const, b]].map(
    (events) => digestOf(events).hash,
  )
  expect(new Set(hashes).size).toBe(hashes.length)
})

test('P10: the digest of what stands between two cursors is fixed by its format, whatever the order of its partitions', () => {
  const digestOf = (...events: readonly (readonly [position: string, id: string])[]) => {
    const digest = new CursorDigest()
    for (const [position, id] of events) digest.add({ position, source: 's', id }, `{"id":"${id}"}`)
    return digest.end()
  }
  const [a, b, c] = [['0000000000001', 'a'] as const, ['0000000000002', 'b'] as const, ['0100000000001', 'c'] as const]
  expect(digestOf(a, b, c)).toEqual(digestOf(a, c, b))
  expect(digestOf(a, b, c).hash).not.toBe(digestOf(b, a, c).hash)
  expect(digestOf().hash).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  expect(digestOf(a, b, c)).toMatchObject({
    count: 3,
    partitions: [{ partition: '00', count: 2 }, { partition: '01' }],
  })
  expect(digestOf(a, b, c).hash).toBe('sha256:63187ea7526b5f34226327be13f7ffd97653ac3503dc5ff51c084ae4a7ea9cf9')
})
