import type { IdentifierScheme } from './identifier-scheme.ts'

const dui = /^(?:(\d{1,8})-(\d)|(\d{8})(\d))$/

/**
 * El Salvador's identity document number, `<8 digits>-<check digit>`: weights 9 to 2, modulo 10. Without a hyphen all nine digits are
 * needed. In text only the form with a hyphen is looked for: nine digits alone are too often something else.
 */
export const svDui: IdentifierScheme = {
  identifies: ['person'],
  inText: /^\d{8}-\d$/,
  sample: '99999999-4',
  canonical(tidy) {
    const [, short, check, whole, last] = dui.exec(tidy) ?? []
    const number = (short ?? whole)?.padStart(8, '0')
    if (number === undefined || number === '00000000') return undefined
    return duiCheckDigit(number) === Number(check ?? last)
      ? { scheme: 'sv-dui', id: `${number}-${check ?? last ?? ''}` }
      : undefined
  },
}

function duiCheckDigit(number: string): number {
  const sum = Array.from(number).reduce((total, digit, place) => total + (9 - place) * Number(digit), 0)
  return (10 - (sum % 10)) % 10
}
