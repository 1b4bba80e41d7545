import { gzipSync, zstdCompressSync } from 'node:zlib'

export interface TestRecord {
  readonly delta: number
  readonly key?: Buffer | null
  readonly value: Buffer | string | null
  readonly headers?: readonly (readonly [string, Buffer | null])[]
  readonly timeDelta?: number
}

export interface TestBatch {
  readonly base: number
  /** Behind the last record where compaction took the last ones. */
  readonly lastDelta?: number
  readonly attributes?: number
  readonly producerId?: number
  readonly baseTime?: number
  readonly maxTime?: number
  readonly records: readonly TestRecord[]
}

const varint = (value: number): Buffer => {
  const bytes: number[] = []
  let left = BigInt.asUintN(64, (BigInt(value) << 1n) ^ (BigInt(value) >> 63n))
  for (; left >= 0x80n; left >>= 7n) bytes.push(Number(left & 0x7fn) | 0x80)
  return Buffer.from([...bytes, Number(left)])
}

const sized = (bytes: Buffer | string | null): Buffer =>
  bytes === null ? varint(-1) : Buffer.concat([varint(Buffer.byteLength(bytes)), Buffer.from(bytes)])

const recordOf = ({ delta, key = null, value, headers = [], timeDelta = 0 }: TestRecord): Buffer => {
  const pairs = headers.flatMap(([name, content]) => [sized(Buffer.from(name)), sized(content)])
  const parts = [varint(timeDelta), varint(delta), sized(key), sized(value), varint(headers.length), ...pairs]
  return sized(Buffer.concat([Buffer.from([0]), ...parts]))
}

/** A record batch as a broker keeps it, by hand, so that what reads it is not tested against itself. */
export const encoded = (batch: TestBatch): Buffer => {
  const { base, attributes = 8, records } = batch
  const plain = Buffer.concat(records.map(recordOf))
  const body = (attributes & 7) === 1 ? gzipSync(plain) : (attributes & 7) === 4 ? zstdCompressSync(plain) : plain
  const header = Buffer.alloc(61)
  header.writeBigInt64BE(BigInt(base))
  header.writeInt32BE(49 + body.length, 8)
  header.writeInt8(2, 16)
  header.writeInt16BE(attributes, 21)
  header.writeInt32BE(batch.lastDelta ?? records.at(-1)?.delta ?? 0, 23)
  header.writeBigInt64BE(BigInt(batch.baseTime ?? 1_000), 27)
  header.writeBigInt64BE(BigInt(batch.maxTime ?? 2_000), 35)
  header.writeBigInt64BE(BigInt(batch.producerId ?? -1), 43)
  header.writeInt32BE(records.length, 57)
  return Buffer.concat([header, body])
}
