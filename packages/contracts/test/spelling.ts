import fc from 'fast-check'

export interface Spelt {
  readonly id: string
  readonly text: string
}

/** An identifier of groups between hyphens, and the same as people write it: other case, zeros in front of groups, spaces, other dashes. */
export const spelt = (ids: fc.Arbitrary<string>, zerosMax: number): fc.Arbitrary<Spelt> =>
  fc
    .tuple(
      ids,
      fc.integer({ min: 0, max: zerosMax }),
      fc.constantFrom('', ' ', '\u00a0'),
      fc.boolean(),
      fc.constantFrom('-', '–', '‑'),
    )
    .map(([id, zeros, space, isLower, dash]) => {
      const groups = id.split('-').map((group, i) => (i > 0 && /^\d/.test(group) ? '0'.repeat(zeros) : '') + group)
      const joined = `${space}${groups.join(`${space}${dash}${space}`)}${space}`
      return { id, text: isLower ? joined.toLowerCase() : joined }
    })
