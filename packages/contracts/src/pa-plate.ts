import type { IdentifierScheme } from './identifier-scheme.ts'

/**
 * A vehicle's plate in Panama: letters and digits, six in the present series (`AB1234`, `123456`), fewer in special ones; at least one
 * digit. Hyphens and spaces don't count. Zeros do: the series runs through `AB0001`. No published norm was found for
 * the special series, so the form is kept wide.
 */
export const paPlate: IdentifierScheme = {
  identifies: ['vehicle'],
  sample: 'ZZZ000',
  canonical(tidy) {
    const plate = tidy.replaceAll('-', '')
    return /^(?=.*\d)[A-Z0-9]{4,7}$/.test(plate) ? { scheme: 'pa-plate', id: plate } : undefined
  },
}
