import type { Checkpoint, TopicSpec } from '@unavez/engine'

import { type Content, decodeNullable, encodeContent, encodedRoom, encodeNullable, textRoom } from './content.ts'

/*
 * What goes to the writer. Everything frequent is packed into one buffer per turn of the event loop: a buffer of its own for
 * each call would be cloned together with the 8 KB pool that it is a part of.
 */

interface RowChange {
  readonly view: string
  readonly partition: string
  readonly sort: string
  readonly value: Uint8Array | null
}

/** What is packed. `partition` is the engine's own number of a partition of a topic. */
export type Operation =
  | { readonly kind: 'append'; readonly partition: number; readonly content: Content }
  | { readonly kind: 'write-view'; readonly changes: readonly RowChange[]; readonly checkpoint: Checkpoint }
  | { readonly kind: 'put'; readonly key: string; readonly value: Uint8Array }
  | {
      readonly kind: 'compare-and-put'
      readonly key: string
      readonly expected: Uint8Array | null
      readonly value: Uint8Array
    }
  | { readonly kind: 'destroy'; readonly key: string }
  | { readonly kind: 'claim'; readonly key: string; readonly value: Uint8Array; readonly expiresAt: number }

/** The same as it arrives: content stays encoded, as it is stored. */
export type Arrived =
  | Exclude<Operation, { kind: 'append' }>
  | { readonly kind: 'append'; readonly partition: number; readonly encoded: Buffer }

/** What is rare goes beside it as it is. */
export type Command =
  | { readonly kind: 'ensure-topics'; readonly topics: readonly TopicSpec[] }
  | { readonly kind: 'trim'; readonly partition: number; readonly before: number }
  | { readonly kind: 'keep-views' }
  | { readonly kind: 'roll-back-views' }
  | { readonly kind: 'lose-claims' }

const kinds = ['append', 'write-view', 'put', 'compare-and-put', 'destroy', 'claim'] as const

const textLength = (text: string): number => 4 + textRoom(text)
const bytesLength = (bytes: Uint8Array | null): number => 4 + (bytes?.length ?? 0)

/** Bytes that are enough for an operation when packed. */
export function packedRoom(operation: Operation): number {
  switch (operation.kind) {
    case 'append':
      return 1 + 4 + 4 + encodedRoom(operation.content)
    case 'write-view': {
      let bytes = 1 + textLength(operation.checkpoint.source) + 8 + 8 + 4
      for (const { view, partition, sort, value } of operation.changes) {
        bytes += textLength(view) + textLength(partition) + textLength(sort) + bytesLength(value)
      }
      return bytes
    }
    case 'put':
      return 1 + textLength(operation.key) + bytesLength(operation.value)
    case 'compare-and-put':
      return 1 + textLength(operation.key) + bytesLength(operation.expected) + bytesLength(operation.value)
    case 'destroy':
      return 1 + textLength(operation.key)
    case 'claim':
      return 1 + textLength(operation.key) + bytesLength(operation.value) + 8
  }
}

function packText(text: string, into: Buffer, at: number): number {
  const length = into.write(text, at + 4)
  return into.writeUInt32LE(length, at) + length
}

/** Writes an operation and answers with the place behind it. An append's encoded content ends there. */
export function pack(operation: Operation, into: Buffer, start: number): number {
  let at = into.writeUInt8(kinds.indexOf(operation.kind), start)
  switch (operation.kind) {
    case 'append': {
      at = into.writeUInt32LE(operation.partition, at)
      const end = encodeContent(operation.content, into, at + 4)
      into.writeUInt32LE(end - at - 4, at)
      return end
    }
    case 'write-view':
      at = packText(operation.checkpoint.source, into, at)
      at = into.writeDoubleLE(operation.checkpoint.from, at)
      at = into.writeDoubleLE(operation.checkpoint.next, at)
      at = into.writeUInt32LE(operation.changes.length, at)
      for (const { view, partition, sort, value } of operation.changes) {
        at = packText(sort, into, packText(partition, into, packText(view, into, at)))
        at = encodeNullable(value, into, at)
      }
      return at
    case 'put':
      return encodeNullable(operation.value, into, packText(operation.key, into, at))
    case 'compare-and-put':
      at = encodeNullable(operation.expected, into, packText(operation.key, into, at))
      return encodeNullable(operation.value, into, at)
    case 'destroy':
      return packText(operation.key, into, at)
    case 'claim':
      at = encodeNullable(operation.value, into, packText(operation.key, into, at))
      return into.writeDoubleLE(operation.expiresAt, at)
  }
}

/** All operations of a packed buffer; their bytes are parts of it. */
export function unpack(packed: Uint8Array): readonly Arrived[] {
  const from = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength)
  const reader = new Reader(from)
  const operations: Arrived[] = []
  while (reader.at < from.length) operations.push(reader.operation())
  return operations
}

class Reader {
  readonly #from: Buffer
  at = 0

  constructor(from: Buffer) {
    this.#from = from
  }

  operation(): Arrived {
    const kind = kinds[this.#from.readUInt8(this.at++)]
    if (kind === undefined) throw new Error('a packed operation of no known kind')
    switch (kind) {
      case 'append':
        return { kind, partition: this.#uint32(), encoded: this.#exactly(this.#uint32()) }
      case 'write-view': {
        const checkpoint = { source: this.#text(), from: this.#double(), next: this.#double() }
        const changes = Array.from({ length: this.#uint32() }, () => ({
          view: this.#text(),
          partition: this.#text(),
          sort: this.#text(),
          value: this.#nullable(),
        }))
        return { kind, changes, checkpoint }
      }
      case 'put':
        return { kind, key: this.#text(), value: this.#bytes() }
      case 'compare-and-put':
        return { kind, key: this.#text(), expected: this.#nullable(), value: this.#bytes() }
      case 'destroy':
        return { kind, key: this.#text() }
      case 'claim':
        return { kind, key: this.#text(), value: this.#bytes(), expiresAt: this.#double() }
    }
  }

  #uint32(): number {
    this.at += 4
    return this.#from.readUInt32LE(this.at - 4)
  }

  #double(): number {
    this.at += 8
    return this.#from.readDoubleLE(this.at - 8)
  }

  #exactly(length: number): Buffer {
    this.at += length
    return this.#from.subarray(this.at - length, this.at)
  }

  #text(): string {
    return this.#exactly(this.#uint32()).toString()
  }

  #nullable(): Buffer | null {
    const [bytes, at] = decodeNullable(this.#from, this.at)
    this.at = at
    return bytes
  }

  #bytes(): Buffer {
    return this.#nullable() ?? Buffer.alloc(0)
  }
}
