import { refuseIdentifier } from '@unavez/contracts'
import type { AgreementState, ContractState, Fact } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

import { bodyFault } from './body-fault.ts'
import { conflict, contractAggregate } from './contract.ts'

/** Most agreements that a refusal lists. */
const usersToldMax = 100

export interface DeprecateContract {
  /** RFC 3339: from when on it may be retired. */
  readonly sunset: string
  readonly reason?: string
}

/** Nothing if it has that sunset already. Refuses 'not-found', and 'state-conflict' for a draft and for a sunset that moves earlier. */
export function deprecateContract(
  state: ContractState | undefined,
  command: DeprecateContract,
  at: Date,
): readonly Fact[] {
  const { type, deprecation } = published(state)
  const { reason } = command
  const sunset = new Date(command.sunset)
  if (reason !== undefined) refuseIdentifier(reason, '/reason')
  if (Number.isNaN(sunset.getTime())) throw bodyFault('/sunset', 'Debe ser una fecha y hora', 'It must be a time')
  if (sunset.getTime() === Date.parse(deprecation?.sunset ?? '')) return []
  if (deprecation !== undefined && sunset.getTime() < Date.parse(deprecation.sunset)) {
    throw new Problem('state-conflict', {
      pointer: '/sunset',
      detail: { es: 'La fecha de retiro solo se puede posponer', en: 'The sunset only moves later' },
    })
  }
  if (sunset <= at) throw bodyFault('/sunset', 'Debe estar en el futuro', 'It must be in the future')
  return [
    {
      type: 'contract-deprecated',
      aggregate: contractAggregate(type),
      since: at.toISOString(),
      sunset: command.sunset,
      ...(reason === undefined ? {} : { reason }),
    },
  ]
}

/** Refuses 'not-found', 'contract-in-use' with the users, 'state-conflict' for what is no longer, or not yet, published. */
export function retireContract(
  state: ContractState | undefined,
  users: readonly AgreementState[],
  { reason }: { readonly reason?: string },
): readonly Fact[] {
  const { type } = published(state)
  if (reason !== undefined) refuseIdentifier(reason, '/reason')
  if (users.length > 0) throw contractInUse(users)
  return [{ type: 'contract-retired', aggregate: contractAggregate(type), ...(reason === undefined ? {} : { reason }) }]
}

const contractInUse = (users: readonly AgreementState[]): Problem =>
  new Problem('contract-in-use', {
    users: users.slice(0, usersToldMax).map(({ id, consumer, state }) => ({ agreement: id, consumer, state })),
  })

function published(state: ContractState | undefined): ContractState {
  if (state === undefined) throw new Problem('not-found')
  if (state.state === 'draft') throw conflict('El contrato no está publicado', 'The contract is not published')
  if (state.state === 'retired') throw conflict('El contrato ya fue retirado', 'The contract is retired already')
  return state
}
