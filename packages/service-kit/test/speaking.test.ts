import { describe, expect, test } from '@jest/globals'

import { byOf, onBehalf, speakerName } from '../src/http/speaking.ts'

const system = { institution: 'aig', system: 'hub', key: 'k1' }
const person = { institution: 'te', system: '', person: 'ana' }

describe('who speaks', () => {
  test('is recorded with both parties of a delegation, with the person, and without the key', () => {
    expect(byOf(system)).toEqual({ institution: 'aig', system: 'hub' })
    expect(byOf(onBehalf(system, 'css'))).toEqual({ institution: 'aig', system: 'hub', onBehalfOf: 'css' })
    expect(byOf(person)).toEqual({ institution: 'te', system: '', person: 'ana' })
  })

  test('has a name that no other speaker has: commands of two never meet', () => {
    const names = [system, onBehalf(system, 'css'), person, { institution: 'te', system: 'ana' }].map(speakerName)
    expect(names).toEqual(['aig.hub', 'aig.hub@css', 'te/ana', 'te.ana'])
  })

  test.each(['', 'a b', '8-123-4567', 'css,te', 'CSS'])('on behalf of %j is refused', (header) => {
    expect(() => onBehalf(system, header)).toThrow(expect.objectContaining({ code: 'header-invalid' }))
  })

  test('a person acts for nobody else', () => {
    expect(() => onBehalf(person, 'css')).toThrow(expect.objectContaining({ code: 'header-invalid' }))
  })
})
