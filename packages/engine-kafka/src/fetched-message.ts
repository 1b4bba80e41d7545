import type { Headers, Message, PartitionId } from '@unavez/engine'

import { RecordCursor } from './record-cursor.ts'

const nothing = Buffer.alloc(0)

/** The names of the record before, by place: records of one batch mostly have the same ones. */
export class HeaderNames {
  readonly #records: Buffer
  readonly #names: { readonly bytes: Buffer; readonly name: string }[] = []

  constructor(records: Buffer) {
    this.#records = records
  }

  /** The name at the cursor, which stands behind it afterwards. */
  read(cursor: RecordCursor, place: number): string {
    const before = this.#names[place]
    const start = cursor.at
    const length = cursor.varint()
    const [from, end] = [cursor.at, cursor.at + Math.max(0, length)]
    // Compared in place: a view for each name of each record would cost more than the whole rest.
    if (before?.bytes.length === end - from && this.#records.compare(before.bytes, 0, end - from, from, end) === 0) {
      cursor.at = end
      return before.name
    }
    cursor.at = start
    const bytes = cursor.bytes() ?? nothing
    const name = bytes.toString()
    this.#names[place] = { bytes, name }
    return name
  }
}

interface Place {
  /** The records of its batch, which may not change. */
  readonly records: Buffer
  readonly names: HeaderNames
  /** Where its key begins; where the record ends. */
  readonly start: number
  readonly end: number
}

/**
 * A message over its record's bytes. Its parts become Buffers when somebody asks for them: most readers want the text of some
 * headers, and twenty objects for each message in memory would keep the garbage collector busy.
 */
export class FetchedMessage implements Message {
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly appendedAt: Date
  readonly #records: Buffer
  readonly #names: HeaderNames
  readonly #start: number
  /** Where the headers begin. */
  readonly #headersAt: number
  /** Of key and value. */
  readonly bytes: number
  #headers: Headers | undefined

  /** Throws RangeError if the record does not end where it says. */
  constructor(
    { topic, partition }: PartitionId,
    { offset, appendedAt }: Pick<Message, 'offset' | 'appendedAt'>,
    { records, names, start, end }: Place,
  ) {
    this.topic = topic
    this.partition = partition
    this.offset = offset
    this.appendedAt = appendedAt
    this.#records = records
    this.#names = names
    this.#start = start
    const cursor = new RecordCursor(records, start)
    cursor.skip()
    cursor.skip()
    this.#headersAt = cursor.at
    this.bytes = cursor.at - start
    for (let parts = cursor.varint() * 2; parts > 0; parts--) cursor.skip()
    if (cursor.at > end) throw new RangeError('a record is longer than it says')
  }

  get key(): Buffer | null {
    return new RecordCursor(this.#records, this.#start).bytes()
  }

  get value(): Buffer | null {
    const cursor = new RecordCursor(this.#records, this.#start)
    cursor.skip()
    return cursor.bytes()
  }

  get headers(): Headers {
    return (this.#headers ??= this.#decode())
  }

  text(name: string): string | undefined {
    const records = this.#records
    const cursor = new RecordCursor(records, this.#headersAt)
    let found: string | undefined
    // To the end: of a name that a foreign writer repeated, the last value counts.
    for (let left = cursor.varint(); left > 0; left--) {
      const length = cursor.varint()
      const isIt = length === name.length && stands(name, records, cursor.at)
      cursor.at += Math.max(0, length)
      const valueLength = Math.max(0, cursor.varint())
      if (isIt) found = records.toString('utf8', cursor.at, cursor.at + valueLength)
      cursor.at += valueLength
    }
    return found ?? (isPlain(name) ? undefined : this.headers[name]?.toString())
  }

  #decode(): Headers {
    const cursor = new RecordCursor(this.#records, this.#headersAt)
    const headers: Record<string, Buffer> = {}
    const count = cursor.varint()
    for (let place = 0; place < count; place++) {
      const name = this.#names.read(cursor, place)
      const value = cursor.bytes() ?? nothing
      // Plain assignment of this one name would replace the prototype.
      if (name === '__proto__') Object.defineProperty(headers, name, { value, enumerable: true, configurable: true })
      else headers[name] = value
    }
    return headers
  }
}

const isPlain = (name: string): boolean => /^[\x20-\x7e]*$/.test(name)

/** Whether bytes are the characters of a text, one each. */
function stands(text: string, bytes: Buffer, at: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f || bytes[at + i] !== code) return false
  }
  return true
}
