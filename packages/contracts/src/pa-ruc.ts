import type { IdentifierScheme } from './identifier-scheme.ts'
import { paCedula } from './pa-cedula.ts'
import { rucCheckDigits } from './pa-ruc-check-digits.ts'

/** A RUC, and its two check digits where they are written behind it: `155596713-2-2015 DV 59`. */
const written = /^([0-9A-Z-]+?)(?:-?D\.?V\.?:?(\d{1,2}))?$/
const numbered = /^(\d{1,2})-?NT-(\d{1,8})-(\d{1,8})$/
const company = /^(\d{1,10})-(\d{1,8})-(\d{1,8})$/

const provinceMax = 13

/**
 * Panama's taxpayer number. A natural person's is the identity number, so its canonical form is `pa-cedula`.
 * A company's is `<roll or folio>-<frame or 2>-<entry or year>`; the first part is beyond the provinces' numbers, or it would read as
 * an identity number (companies with a roll up to 13 can't be told apart by form, and are taken for persons).
 * `<province>-NT-<book>-<entry>` (número tributario) is of foreigners and of entities without a registry entry.
 * Check digits are no part of the number: they are left out of the canonical form, and wrong ones are refused where the
 * computation is known (`pa-ruc-check-digits.ts`).
 */
export const paRuc: IdentifierScheme = {
  identifies: ['business', 'person'],
  inText: /^\d{1,2}-?NT-\d+-\d+$/,
  sample: '999999999-2-2099',
  canonical(tidy) {
    const [, number, given] = written.exec(tidy) ?? []
    if (number === undefined) return undefined
    const canonical = paCedula.canonical(number) ?? numberedForm(number) ?? companyForm(number)
    if (canonical === undefined || given === undefined) return canonical
    const known = rucCheckDigits(canonical.id)
    return known.length === 0 || known.includes(given.padStart(2, '0')) ? canonical : undefined
  },
}

function numberedForm(number: string) {
  const [, province, book, entry] = (numbered.exec(number) ?? []).map(Number)
  if (province === undefined || book === undefined || entry === undefined) return undefined
  if (province > provinceMax || book > 9_999 || entry < 1 || entry > 9_999_999) return undefined
  return { scheme: 'pa-ruc', id: `${province}-NT-${book}-${entry}` }
}

function companyForm(number: string) {
  const [, roll, frame, entry] = (company.exec(number) ?? []).map(Number)
  if (roll === undefined || frame === undefined || entry === undefined) return undefined
  if (roll <= provinceMax || roll > 999_999_999 || frame > 9_999 || entry < 1 || entry > 999_999) return undefined
  return { scheme: 'pa-ruc', id: `${roll}-${frame}-${entry}` }
}
