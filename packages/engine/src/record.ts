import { createHash } from 'node:crypto'

import type { Headers, Message } from './log.ts'

const length = (bytes: number): Buffer => {
  const prefix = Buffer.alloc(4)
  prefix.writeUInt32BE(bytes)
  return prefix
}

/** Four bytes of length in front; a null is the length 0xffffffff and no bytes, so it differs from an empty value. */
const field = (bytes: Buffer | null): Buffer[] =>
  bytes === null ? [length(0xffffffff)] : [length(bytes.length), bytes]

const integer = (value: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(BigInt(value))
  return bytes
}

/** Key, value and headers sorted by name without `mac`, length-prefixed: what the MAC of a control record covers. */
export function canonicalContent(key: Buffer | null, value: Buffer | null, headers: Headers): Buffer {
  const names = Object.keys(headers)
    .filter((name) => name !== 'mac')
    .toSorted()
  return Buffer.concat([
    ...field(key),
    ...field(value),
    ...names.flatMap((name) => [...field(Buffer.from(name)), ...field(headers[name] ?? null)]),
  ])
}

/** Length-prefixed topic, partition, offset and content. The broker's timestamp is left out. */
export function canonicalRecord(message: Omit<Message, 'appendedAt'>): Buffer {
  return Buffer.concat([
    ...field(Buffer.from(message.topic)),
    ...field(integer(message.partition)),
    ...field(integer(message.offset)),
    canonicalContent(message.key, message.value, message.headers),
  ])
}

/** SHA-256(salt ‖ canonical record): the ledger's entry. Without the salt it says nothing about the record. */
export function ledgerEntry(message: Omit<Message, 'appendedAt'>): Buffer {
  return createHash('sha256')
    .update(message.headers['salt'] ?? Buffer.alloc(0))
    .update(canonicalRecord(message))
    .digest()
}
