import { refuseIdentifier, typeParts } from '@unavez/contracts'
import type { ContractState, Fact, NormState, ProcedureState, Requirement } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

import { bodyFault } from './faults.ts'

export const normAggregate = (id: string): string => `norm:${id}`
export const procedureAggregate = (id: string): string => `procedure:${id}`

/** Refuses 'norm-exists'. */
export function registerNorm(state: NormState | undefined, norm: NormState): readonly Fact[] {
  if (state !== undefined) throw new Problem('norm-exists', { pointer: '/id' })
  refuseIdentifier(norm.id, '/id')
  refuseText(norm.name, '/name')
  if (norm.url !== undefined && !URL.canParse(norm.url)) throw bodyFault('/url', 'Debe ser un URL', 'It must be a URL')
  return [{ type: 'norm-registered', aggregate: normAggregate(norm.id), ...norm }]
}

/** The contract of a type, if there is one: an evidence type may be named before its contract is drafted. */
export type ContractOf = (type: string) => ContractState | undefined

/** Refuses 'procedure-exists', and with a pointer whatever can't be held. */
export function registerProcedure(
  state: ProcedureState | undefined,
  procedure: ProcedureState,
  contractOf: ContractOf,
): readonly Fact[] {
  if (state !== undefined) throw new Problem('procedure-exists', { pointer: '/id' })
  const { id, institution, name, norm, requirements } = procedure
  if (!id.startsWith(`${institution}.`) || id.endsWith('.'))
    throw bodyFault('/id', 'Debe ser <institución>.<nombre>', 'It must be <institution>.<name>')
  refuseIdentifier(id, '/id')
  refuseText(name, '/name')
  refuseIdentifier(norm, '/norm')
  for (const [i, requirement] of requirements.entries()) {
    const pointer = `/requirements/${i}`
    requireRequirement(requirement, contractOf, pointer)
    if (requirements.findIndex((each) => each.id === requirement.id) !== i)
      throw bodyFault(`${pointer}/id`, 'El requisito se repite', 'The requirement is named twice')
  }
  return [
    { type: 'procedure-registered', aggregate: procedureAggregate(id), id, institution, name, norm, requirements },
  ]
}

export type ChangeRequirement =
  | { readonly change: 'add' | 'replace'; readonly requirement: Requirement }
  | { readonly change: 'remove'; readonly id: string; readonly reason: string }

/** Refuses 'not-found', and 'requirement-exists' when one is added twice. */
export function changeRequirement(
  state: ProcedureState | undefined,
  command: ChangeRequirement,
  contractOf: ContractOf,
): readonly Fact[] {
  if (state === undefined) throw new Problem('not-found')
  const aggregate = procedureAggregate(state.id)
  const named = command.change === 'remove' ? command.id : command.requirement.id
  const exists = state.requirements.some(({ id }) => id === named)
  if (command.change === 'add' && exists) throw new Problem('requirement-exists', { pointer: '/id' })
  if (command.change !== 'add' && !exists) throw new Problem('not-found')
  if (command.change === 'remove') {
    refuseIdentifier(command.reason, '/reason')
    return [{ type: 'requirement-removed', aggregate, requirement: named, reason: command.reason }]
  }
  if (!exists && state.requirements.length >= requirementsMost)
    throw new Problem('state-conflict', {
      detail: { es: 'El trámite ya tiene 50 requisitos', en: 'The procedure has 50 requirements already' },
    })
  requireRequirement(command.requirement, contractOf, '')
  return [{ type: 'requirement-set', aggregate, requirement: command.requirement }]
}

const requirementsMost = 50

function requireRequirement({ id, name, accepts, grounds }: Requirement, contractOf: ContractOf, pointer: string) {
  refuseIdentifier(id, `${pointer}/id`)
  refuseText(name, `${pointer}/name`)
  if (new Set(grounds).size !== grounds.length)
    throw bodyFault(`${pointer}/grounds`, 'Un fundamento se repite', 'A ground is named twice')
  for (const [i, list] of accepts.entries()) {
    for (const [j, type] of list.entries()) {
      const at = `${pointer}/accepts/${i}/${j}`
      if (typeParts(type) === undefined) throw bodyFault(at, 'No es un tipo de evidencia', 'It is no evidence type')
      if (contractOf(type)?.kind === 'event')
        throw bodyFault(at, 'El contrato es de eventos', 'The contract is about events')
      if (list.indexOf(type) !== j) throw bodyFault(at, 'El tipo se repite', 'The type is named twice')
    }
  }
}

function refuseText({ es, en }: { readonly es: string; readonly en: string }, pointer: string): void {
  refuseIdentifier(es, `${pointer}/es`)
  refuseIdentifier(en, `${pointer}/en`)
}
