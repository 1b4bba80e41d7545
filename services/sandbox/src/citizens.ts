import { randomInt } from 'node:crypto'

/** A family that exists nowhere but here: every start makes new ones. */
export interface Family {
  readonly mother: string
  readonly father: string
  readonly child: string
  readonly givenNames: string
  readonly surnames: string
  readonly sex: 'female' | 'male'
}

const girls = ['Ana Lucía', 'Camila', 'Yaritza', 'Valentina', 'Kenia María']
const boys = ['José Manuel', 'Mateo', 'Iván Alexis', 'Samuel', 'Rubén Darío']
const surnames = [
  'Ábrego',
  'Batista',
  'Caballero',
  'De León',
  'Espinosa',
  'Guevara',
  'Morales',
  'Pimentel',
  'Quintero',
  'Ríos',
]

const pick = <Item>(items: readonly Item[]): Item => items[randomInt(items.length)] as Item

/** A cédula of province 8; the parents' in the books of their generation, the child's in one that is still being filled. */
const cedula = (book: number): string => `8-${book}-${randomInt(1, 2500)}`

export function newFamily(): Family {
  const sex = pick(['female', 'male'] as const)
  return {
    mother: cedula(randomInt(700, 900)),
    father: cedula(randomInt(700, 900)),
    child: cedula(randomInt(1200, 1400)),
    givenNames: pick(sex === 'female' ? girls : boys),
    surnames: `${pick(surnames)} ${pick(surnames)}`,
    sex,
  }
}
