import { contracts } from '@unavez/schemas'

import type { Member } from './membership.ts'

export const birthType = contracts['pa.gob.civil.birth-registered.v1'].type
export const declarationType = contracts['pa.gob.health.clinical-declaration-issued.v1'].type

/** Who plays in the birth journey. */
export const cast = {
  minsa: {
    id: 'minsa',
    system: 'hospitales',
    name: { es: 'Ministerio de Salud', en: 'Ministry of Health' },
    systemName: 'Red de hospitales',
    roles: ['publisher', 'consumer', 'administrator'],
  },
  te: {
    id: 'te',
    system: 'registro',
    name: { es: 'Tribunal Electoral', en: 'Electoral Tribunal' },
    systemName: 'Registro Civil',
    roles: ['publisher', 'consumer', 'administrator'],
  },
  css: {
    id: 'css',
    system: 'afiliacion',
    name: { es: 'Caja de Seguro Social', en: 'Social Security Fund' },
    systemName: 'Afiliación',
    roles: ['consumer', 'administrator'],
  },
  meduca: {
    id: 'meduca',
    system: 'matricula',
    name: { es: 'Ministerio de Educación', en: 'Ministry of Education' },
    systemName: 'Matrícula',
    roles: ['consumer', 'administrator'],
  },
} as const satisfies Readonly<Record<string, Member>>

export type Role = keyof typeof cast

/** What each consumer needs to know, for what, and under which law. */
export const wishes = [
  {
    consumer: 'te',
    owner: 'minsa',
    contract: declarationType,
    purpose: { es: 'Inscribir el nacimiento', en: 'Register the birth' },
    legalBasis: { kind: 'law', norm: 'Ley 31 de 2006' },
    fields: ['person', 'kind', 'facility', 'number', 'happenedAt', 'sex'],
  },
  {
    consumer: 'css',
    owner: 'te',
    contract: birthType,
    purpose: { es: 'Afiliar al recién nacido como beneficiario', en: 'Enrol the newborn as a beneficiary' },
    legalBasis: { kind: 'law', norm: 'Ley 51 de 2005', article: '77' },
    fields: ['child', 'givenNames', 'surnames', 'birthDate', 'mother'],
  },
  {
    consumer: 'meduca',
    owner: 'te',
    contract: birthType,
    purpose: { es: 'Planificar cupos escolares', en: 'Plan school places' },
    legalBasis: { kind: 'law', norm: 'Ley 47 de 1946' },
    fields: ['birthDate', 'birthPlace'],
  },
  {
    consumer: 'minsa',
    owner: 'te',
    contract: birthType,
    purpose: { es: 'Cerrar la declaración clínica', en: 'Close the clinical declaration' },
    legalBasis: { kind: 'law', norm: 'Ley 31 de 2006' },
    fields: ['hospitalDeclaration', 'registrationNumber'],
  },
] as const satisfies readonly {
  readonly consumer: Role
  readonly owner: Role
  readonly contract: string
  readonly [more: string]: unknown
}[]
