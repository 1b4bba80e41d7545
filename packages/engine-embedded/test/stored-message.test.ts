import { describe, expect, test } from '@jest/globals'

import { encodeContent, encodedRoom } from '../src/content.ts'
import { StoredMessage } from '../src/stored-message.ts'

function stored(headers: Readonly<Record<string, Buffer>>): StoredMessage {
  const parts = { key: null, value: Buffer.from('value'), headers }
  const room = Buffer.alloc(encodedRoom(parts))
  const content = room.subarray(0, encodeContent(parts, room, 0))
  return new StoredMessage({ topic: 'events.civil', partition: 3 }, { offset: 7, appendedAt: new Date(0), content })
}

const headers: Readonly<Record<string, Buffer>> = {
  a: Buffer.from('first'),
  'content-type': Buffer.from('application/avro'),
  salt: Buffer.from([0, 0x7f, 0x80, 0xff, 0xc3]),
  ñ: Buffer.from('a name beyond ASCII'),
  by: Buffer.from('{"institution":"Panamá 🇵🇦"}'),
  empty: Buffer.alloc(0),
  long: Buffer.from('x'.repeat(70_000)),
  last: Buffer.from('end'),
}

describe('a stored message', () => {
  test('tells every header as text just as its bytes say it, in whatever order it is asked', () => {
    const names = [...Object.keys(headers), 'absent', 'Ã±', 'á', 'toString', 'as']
    for (const order of [names, names.toReversed(), [...names, ...names].filter((_, i) => i % 2 === 0)]) {
      const message = stored(headers)
      for (const name of order) expect(message.text(name)).toBe(new Map(Object.entries(headers)).get(name)?.toString())
    }
  })

  test('has all its headers as bytes', () => {
    const message = stored(headers)
    message.text('by')
    expect({ ...message.headers }).toEqual({ ...headers })
    expect(message).toMatchObject({ key: null, value: Buffer.from('value'), offset: 7, partition: 3 })
  })

  test('without headers has none', () => {
    expect(stored({}).text('a')).toBeUndefined()
    expect(Object.keys(stored({}).headers)).toEqual([])
  })
})
