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

/** Aggregates that no fact changes. */
export const unchanging: ReadonlySet<string> = new Set([
  `institution:${operator.id}`,
  `system:${operator.id}.${operatorSystem.id}`,
])

/** Who speaks when the bus itself acts, in deliveries and in facts of its own; no token names it. */
export const theBus = (system: string): { readonly institution: string; readonly system: string } => ({
  institution: 'unavez',
  system,
})

/** Names that the bus keeps for itself: its operator speaks before any institution exists. */
export const reservedInstitutions: ReadonlySet<string> = new Set([operator.id, 'unavez', 'bus'])
