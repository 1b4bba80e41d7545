/** Digits that stand for the letters of an identity number. */
const letterCodes: ReadonlyMap<string, string> = new Map([
  ['', '00'],
  ['AV', '15'],
  ['PI', '79'],
  ['E', '50'],
  ['N', '40'],
  ['PE', '75'],
])

const numbered = /^(\d{1,2})-NT-(\d{1,3})-(\d{1,6})$/
/** Only foreigners' entries were seen with six digits in numbers whose check digits are published. */
const natural = /^(?:(\d{1,2})(AV|PI)?|(PE|N)|(E))-(\d{1,3})-(?:(\d{1,5})|(?<=^E-\d{1,3}-)(\d{6}))$/
const company = /^(\d{1,9})-(\d{1,4})-(\d{1,6})$/

/**
 * The check digits (DV) that a canonical RUC or identity number may carry: two for an NT number, whose form does not tell persons from
 * entities; none where the computation is not known for sure.
 *
 * After "Algoritmo para el cálculo del dígito verificador de la RUC y recibo" (DGI), known here through open implementations
 * of it; the vectors in the tests are theirs, and they say to have compared them with the DGI's service.
 * Not known: books of four digits and entries of six in identity numbers, where those implementations disagree, and
 * NT entries of seven.
 */
export function rucCheckDigits(id: string): readonly string[] {
  const [, ntProvince = '', ntBook = '', ntEntry] = numbered.exec(id) ?? []
  if (ntEntry !== undefined) {
    const digits = `${ntProvince.padStart(2, '0')}43${ntBook.padStart(3, '0')}${ntEntry.padStart(5, '0')}`
    return [checkDigits(`5${digits}`, false), checkDigits(digits, false)]
  }
  const [, province = '', suffix, abroad, foreigner, book = '', short, long] = natural.exec(id) ?? []
  const entry = short ?? long
  if (entry !== undefined && Number(province) <= 13) {
    const letters = letterCodes.get(suffix ?? abroad ?? foreigner ?? '') ?? ''
    return [
      checkDigits(`5${province.padStart(2, '0')}${letters}${book.padStart(3, '0')}${entry.padStart(5, '0')}`, false),
    ]
  }
  const [, roll, frame = '', record = ''] = company.exec(id) ?? []
  if (roll === undefined || Number(roll) <= 13) return []
  const digits = `${roll.padStart(10, '0')}${frame.padStart(4, '0')}${record.padStart(6, '0')}`
  const isOld = /^...00[0-4]/.test(digits)
  return [checkDigits(isOld ? `${digits.slice(0, 5)}${crossed(digits.slice(5, 7))}${digits.slice(7)}` : digits, isOld)]
}

/** Of old companies' rolls, `[first, last, less]`: the two leading digits are counted anew. */
const crossReference = [
  [10, 18, 9],
  [19, 22, 18],
  [23, 25, 16],
  [26, 33, 24],
  [34, 42, 33],
  [43, 49, 42],
] as const

function crossed(two: string): string {
  const value = Number(two)
  const [, , less = 0] = crossReference.find(([first, last]) => value >= first && value <= last) ?? []
  return String(value - less).padStart(2, '0')
}

function checkDigits(digits: string, isOld: boolean): string {
  const first = checkDigit(digits, isOld)
  return `${first}${checkDigit(`${digits}${first}`, isOld)}`
}

/** Weights 2, 3, … from the right, modulo 11; an old company's number uses the eleventh weight twice. */
function checkDigit(digits: string, isOld: boolean): number {
  let sum = 0
  for (let place = 0; place < digits.length; place += 1) {
    const weight = isOld && place >= 10 ? place + 1 : place + 2
    sum += weight * Number(digits[digits.length - 1 - place])
  }
  const rest = sum % 11
  return rest > 1 ? 11 - rest : 0
}
