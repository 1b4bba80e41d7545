import { contractLimits } from './limits.ts'
import type { CanonicalIdentifier, IdentifierScheme } from './identifier-scheme.ts'
import { paCedula } from './pa-cedula.ts'
import { paPlate } from './pa-plate.ts'
import { paRuc } from './pa-ruc.ts'
import { refusal } from './reasons.ts'
import { svDui } from './sv-dui.ts'
import { svNit } from './sv-nit.ts'
import { institutionScheme, unavezInstitution } from './unavez-institution.ts'

const schemes: ReadonlyMap<string, IdentifierScheme> = new Map([
  ['pa-cedula', paCedula],
  ['pa-ruc', paRuc],
  ['pa-plate', paPlate],
  ['sv-dui', svDui],
  ['sv-nit', svNit],
  [institutionScheme, unavezInstitution],
])

export const identifierSchemes: readonly string[] = [...schemes.keys()]

export const schemeIdentifies = (scheme: string): readonly string[] | undefined => schemes.get(scheme)?.identifies

export const sampleIdentifier = (scheme: string): string => schemes.get(scheme)?.sample ?? ''

const plain = /^[\x21-\x60\x7b-\x7e]*$/
const ascii = /^[\t-~]*$/
const invisible = /[\u200b-\u200d\u2060\ufeff]/g
const dashes = /[\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/g

/** One way to write hyphens, digits and letters, and nothing invisible. */
const fold = (text: string): string =>
  ascii.test(text)
    ? text
    : text.replaceAll(dashes, '-').replaceAll(invisible, '').normalize('NFKC').replaceAll(dashes, '-')

const tidy = (text: string): string => (plain.test(text) ? text : fold(text).replaceAll(/\s+/g, '').toUpperCase())

/** The canonical form, or undefined when the text is no identifier of the scheme. Case, spaces and leading zeros don't matter. */
export function canonicalIdentifier(scheme: string, text: string): CanonicalIdentifier | undefined {
  if (text.length > contractLimits.identifierLength) return undefined
  return schemes.get(scheme)?.canonical(tidy(text))
}

/**
 * The scheme of an identifier that stands in the text in clear, as the whole text or as a whole token: letters, digits,
 * `-` and `_` make a token, and a part of a longer one is not looked at.
 */
export function findIdentifier(text: string): string | undefined {
  const folded = fold(text)
  if (!folded.includes('-')) return undefined
  for (const spelling of [folded, ...tokens(folded)]) {
    const found = spelling.length > contractLimits.identifierLength ? undefined : recognise(tidy(spelling))
    if (found !== undefined) return found
  }
  return undefined
}

function recognise(spelling: string): string | undefined {
  for (const [name, { inText, canonical }] of schemes) {
    if (inText?.test(spelling) === true && canonical(spelling) !== undefined) return name
  }
  return undefined
}

const tokens = (folded: string): readonly string[] =>
  folded
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?- ?/g, '-')
    .match(/[\p{L}\p{N}_-]+/gu) ?? []

/** Refuses text in which an identifier stands in clear: 'identifier-in-clear' at the pointer. */
export function refuseIdentifier(text: string, pointer: string): void {
  if (findIdentifier(text) !== undefined) throw refusal('identifier-in-clear', pointer, 'identifier-hidden')
}
