import { isUtf8 } from 'node:buffer'

import { Problem } from '@unavez/protocol'

import { httpLimits } from './limits.ts'

const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d]

/** UTF-8 JSON to a value. Refuses what is not JSON, nested too deeply, or names `__proto__`; never repeats the text. */
export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) {
    throw new Problem('json-invalid', { detail: { es: 'No es UTF-8', en: 'It is not UTF-8' } })
  }
  const text = bytes.toString('utf8')
  if (hasManyBrackets(text) && tooDeep(bytes)) {
    throw new Problem('json-invalid', { detail: { es: 'Demasiado anidado', en: 'Nested too deeply' } })
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Problem('json-invalid')
  }
  if ((text.includes('__proto__') || text.includes('\\u')) && namesPrototype(value)) {
    throw new Problem('json-invalid', { detail: { es: '__proto__ no es un nombre', en: '__proto__ is no name' } })
  }
  return value
}

/** Most bodies open fewer brackets in all than may stand within each other: searching for them is faster than looking at each byte. */
function hasManyBrackets(text: string): boolean {
  let opened = 0
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++opened > httpLimits.jsonDepth) return true
    }
  }
  return false
}

/** Counts brackets outside of strings, so that no reader behind this one recurses without bound. */
function tooDeep(bytes: Buffer): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]
    if (inString) {
      if (byte === backslash) at++
      else if (byte === quote) inString = false
    } else if (byte === quote) inString = true
    else if (byte === openBrace || byte === openBracket) {
      if (++depth > httpLimits.jsonDepth) return true
    } else if (byte === closeBrace || byte === closeBracket) depth--
  }
  return false
}

function namesPrototype(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some(namesPrototype)
  return Object.hasOwn(value, '__proto__') || Object.values(value).some(namesPrototype)
}
