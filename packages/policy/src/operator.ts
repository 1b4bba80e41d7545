import type { InstitutionState, SystemState } from './state.ts'

/** The bus's operator stands without any fact: whoever can start the bus can't be locked out of it by what it recorded. */
export const operator: InstitutionState = {
  id: 'operator',
  name: { es: 'Operador del bus', en: 'Operator of the bus' },
  country: '',
  synthetic: false,
  state: 'active',
}

/** Its keys are no facts either: they come with each start (`OPERATOR_JWKS`). */
export const operatorSystem: SystemState = {
  institution: operator.id,
  id: 'admin',
  name: 'Administration',
  roles: ['administrator'],
  keys: [],
  state: 'active',
}

/**
 * The bus itself owns the contracts of its own events and publishes them. It has no key, so nobody speaks for it; it belongs to no country
 * (`ZZ`, user-assigned in ISO 3166-1).
 */
export const bus: InstitutionState = {
  id: 'unavez',
  name: { es: 'El bus', en: 'The bus' },
  country: 'ZZ',
  synthetic: false,
  state: 'active',
}

export const busSystem: SystemState = {
  institution: bus.id,
  id: 'notices',
  name: 'Notices',
  roles: ['publisher'],
  keys: [],
  state: 'active',
}

/** Aggregates that no fact changes. */
export const unchanging: ReadonlySet<string> = new Set([
  `institution:${operator.id}`,
  `system:${operator.id}.${operatorSystem.id}`,
  `institution:${bus.id}`,
  `system:${bus.id}.${busSystem.id}`,
])

/** Who speaks when the bus itself acts, in deliveries and in facts of its own; no token names it. */
export const theBus = (system: string): { readonly institution: string; readonly system: string } => ({
  institution: bus.id,
  system,
})

/** Names that the bus keeps for itself: it and its operator speak before any institution exists. */
export const reservedInstitutions: ReadonlySet<string> = new Set([operator.id, bus.id, 'bus'])
