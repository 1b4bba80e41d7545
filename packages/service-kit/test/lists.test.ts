import { describe, expect, test } from '@jest/globals'

import { listPage } from '../src/index.ts'

const all = ['d', 'b', 'a', 'c']
const same = (item: string): string => item

describe('A list', () => {
  test('is told page by page, in the order of its keys, each item once', () => {
    const first = listPage(all, same, { limit: 3 })
    expect(first).toEqual({ items: ['a', 'b', 'c'], next: 'c' })
    expect(listPage(all, same, { limit: 3, after: 'c' })).toEqual({ items: ['d'], next: null })
  })

  test('that ends with a page has no next one', () => {
    expect(listPage(all, same, { limit: 4 })).toEqual({ items: ['a', 'b', 'c', 'd'], next: null })
    expect(listPage(all, same, { limit: 2, after: 'b' })).toEqual({ items: ['c', 'd'], next: null })
  })

  test('goes on where it was when items come and go', () => {
    expect(listPage(['a', 'bb', 'd'], same, { limit: 2, after: 'b' })).toEqual({ items: ['bb', 'd'], next: null })
  })

  test('that is empty is a page without items', () => {
    expect(listPage([], same, {})).toEqual({ items: [], next: null })
  })
})
