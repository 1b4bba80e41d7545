// Made by schemas/generate.ts from all .avsc files: change that and generate again.

import { type BirthRegistered, birthRegistered } from './pa/civil/birth-registered.ts'
import { type ClinicalDeclarationIssued, clinicalDeclarationIssued } from './pa/health/clinical-declaration-issued.ts'

/** What ships with the bus, by type. Nothing of it is registered by itself. */
export const contracts = {
  'pa.gob.civil.birth-registered.v1': birthRegistered,
  'pa.gob.health.clinical-declaration-issued.v1': clinicalDeclarationIssued,
} as const

/** The data of an event, by its type. */
export interface EventData {
  'pa.gob.civil.birth-registered.v1': BirthRegistered
  'pa.gob.health.clinical-declaration-issued.v1': ClinicalDeclarationIssued
}

export type { BirthRegistered, ClinicalDeclarationIssued }
