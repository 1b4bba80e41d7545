import type { Headers, Message, PartitionId } from '@unavez/engine'

import { decodeHeaders, decodeNullable } from './content.ts'

const beyondAscii = /[\x80-\xff]/

/**
 * A message over its encoded bytes, which may not change. Its parts become Buffers when somebody asks for them: most readers
 * want the text of some headers, and twenty objects per message would keep the garbage collector busy.
 */
export class StoredMessage implements Message {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly appendedAt: Date
  readonly #content: Buffer
  /** Where the headers start. */
  readonly #start: number
  #headers: Headers | undefined
  /** The encoded headers, one character per byte. */
  #text: string | undefined
  /** Behind the header that was found last: who asks in the order of writing finds the next one at once. */
  #at = 0

  constructor(
    { topic, partition }: PartitionId,
    { offset, appendedAt, content }: { readonly offset: number; readonly appendedAt: Date; readonly content: Buffer },
  ) {
    this.topic = topic
    this.partition = partition
    this.offset = offset
    this.appendedAt = appendedAt
    this.#content = content
    this.#start = behind(content, behind(content, 0))
  }

  get key(): Buffer | null {
    return decodeNullable(this.#content, 0)[0]
  }

  get value(): Buffer | null {
    return decodeNullable(this.#content, behind(this.#content, 0))[0]
  }

  get headers(): Headers {
    return (this.#headers ??= decodeHeaders(this.#content, this.#start))
  }

  text(name: string): string | undefined {
    const text = (this.#text ??= this.#content.toString('latin1', this.#start))
    const first = this.#at
    for (let at = first, wrapped = false; ;) {
      if (at >= text.length) {
        if (wrapped) break
        wrapped = true
        at = 0
      }
      if (wrapped && at >= first) break
      const nameEnd = at + 2 + uint16(text, at)
      const valueAt = nameEnd + 4
      const end = valueAt + uint16(text, nameEnd) + uint16(text, nameEnd + 2) * 0x10000
      if (nameEnd - at - 2 === name.length && text.startsWith(name, at + 2)) {
        this.#at = end
        const value = text.slice(valueAt, end)
        return beyondAscii.test(value) || beyondAscii.test(name) ? this.headers[name]?.toString() : value
      }
      at = end
    }
    return ascii(name) ? undefined : this.headers[name]?.toString()
  }
}

/** The place behind key or value. */
const behind = (content: Buffer, at: number): number => at + 4 + Math.max(0, content.readInt32LE(at))

const uint16 = (text: string, at: number): number => text.charCodeAt(at) | (text.charCodeAt(at + 1) << 8)

const ascii = (name: string): boolean => Buffer.byteLength(name) === name.length
