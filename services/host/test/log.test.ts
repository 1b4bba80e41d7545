import { expect, test } from '@jest/globals'
import { EngineError } from '@unavez/engine'
import { Problem } from '@unavez/protocol'

import { openLog } from '../src/log.ts'

function logged(error: unknown): unknown {
  const lines: string[] = []
  openLog('warn', { write: (line: string) => void lines.push(line) }).warn({ error }, 'it failed')
  return JSON.parse(lines.join('')).error
}

test('the engine’s word is in the log line, also as the cause of a problem', () => {
  const error = new EngineError('unavailable', 'Redis does not answer.')
  const word = { code: 'unavailable', message: 'Redis does not answer.' }
  expect(logged(error)).toEqual(word)
  expect(logged(new Problem('unavailable', { cause: error }))).toEqual({ code: 'unavailable', cause: word })
})

test('P7: a bug is logged with its place and without what it quotes', () => {
  const line = logged(new SyntaxError('Unexpected token in 8-123-4567'))
  expect(line).toEqual({ name: 'SyntaxError', stack: expect.stringContaining('log.test.ts') })
  expect(JSON.stringify(line)).not.toContain('8-123-4567')
})

test('what is told as text stays so', () => {
  expect(logged('a sentence')).toBe('a sentence')
})
