import { expect, test } from '@jest/globals'

import { eventTexts } from '../src/event-texts.ts'

const pageOf = (...events: readonly string[]): string =>
  `{"events":[${events.join(',')}],"from":"a","next":"b","more":false}`

test('the text of each event is what came, whatever is inside it', () => {
  const events = ['{}', String.raw`{"a":"}\\\"{","b":[{"c":{}}]}`, '{"10":1,"9":1.0}', String.raw`{"d":"\\"}`]
  expect(eventTexts(pageOf(...events))).toEqual(events)
  expect(eventTexts(pageOf())).toEqual([])
})

test('what is no page, or a part of one, is not taken for one', () => {
  for (const text of ['', '[]', '{"events":[{"a":"', '{"events":[{"a":1'])
    expect(() => eventTexts(text)).toThrow(/page/)
})
