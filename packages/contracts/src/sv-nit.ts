import type { IdentifierScheme } from './identifier-scheme.ts'
import { svDui } from './sv-dui.ts'

const nit = /^(?:(\d{1,4})-(\d{1,6})-(\d{1,3})-(\d)|(\d{4})(\d{6})(\d{3})(\d))$/

/**
 * El Salvador's tax number, `<municipality 4>-<date 6>-<sequence 3>-<check digit>`. Since Decree 203 of 2021 an adult
 * citizen's is the DUI, so nine digits have the canonical form `sv-dui`. An older number of fourteen digits is another identifier of
 * the same person, which only an `identifier-linked` fact can join.
 * The check digit has two computations: sequences up to 100 were given under the first. The first digit is 0 or 1, or 9 for
 * who was born abroad. Municipality and date are not looked into: of numbers given since 2022 it is not known that they hold them.
 */
export const svNit: IdentifierScheme = {
  identifies: ['business', 'person'],
  inText: /^\d{4}-\d{6}-\d{3}-\d$/,
  sample: '9999-311299-999-5',
  canonical(tidy) {
    const asDui = svDui.canonical(tidy)
    if (asDui !== undefined) return asDui
    const groups = (nit.exec(tidy) ?? []).slice(1).filter((group) => group !== undefined)
    const [municipality, date, sequence, check] = groups
    if (municipality === undefined || date === undefined || sequence === undefined) return undefined
    const number = [municipality.padStart(4, '0'), date.padStart(6, '0'), sequence.padStart(3, '0')]
    if (!/^[019]/.test(number.join('')) || nitCheckDigit(number.join('')) !== Number(check)) return undefined
    return { scheme: 'sv-nit', id: [...number, check].join('-') }
  },
}

const oldWeights = [14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]
const newWeights = [2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]

function nitCheckDigit(number: string): number {
  const isOld = Number(number.slice(10)) <= 100
  const weights = isOld ? oldWeights : newWeights
  const rest = weights.reduce((total, weight, place) => total + weight * Number(number[place]), 0) % 11
  return (isOld ? rest : (11 - rest) % 11) % 10
}
