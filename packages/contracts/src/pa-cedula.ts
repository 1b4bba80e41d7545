import type { IdentifierScheme } from './identifier-scheme.ts'

/**
 * Panama's identity number, `<prefix>-<book>-<entry>`: prefix = province 1–13, `PE`, `E`, `N`, or province with `AV` or `PI`;
 * book up to 4 digits, entry up to 6 and not 0. Leading zeros are stripped, however many within 8 digits.
 */
const cedula = /^(?:0{0,2}([1-9]|1[0-3])(AV|PI)?|(PE|E|N))-(\d{1,8})-(\d{1,8})$/

export const paCedula: IdentifierScheme = {
  identifies: ['person'],
  inText: cedula,
  sample: 'PE-9999-999999',
  canonical(tidy) {
    const [, province, suffix = '', letters, book, entry] = cedula.exec(tidy) ?? []
    if (book === undefined || entry === undefined) return undefined
    const bookNumber = Number(book)
    const entryNumber = Number(entry)
    if (bookNumber > 9_999 || entryNumber < 1 || entryNumber > 999_999) return undefined
    return { scheme: 'pa-cedula', id: `${letters ?? `${province ?? ''}${suffix}`}-${bookNumber}-${entryNumber}` }
  },
}
