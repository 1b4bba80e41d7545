import { expect, test } from '@jest/globals'

import { drift } from '../generate.ts'

test('the generated types say what the .avsc files say', async () => {
  expect(await drift()).toEqual({ missing: [], surplus: [] })
})
