import { Problem } from '@unavez/protocol'

import type {
  Asked,
  EvidenceDocument,
  EvidenceFact,
  EvidenceMetadata,
  RequestState,
  RequestStatus,
  Reuse,
} from './facts.ts'
import { isEnd } from './facts.ts'

/** What the parties, the subject and the clock do to a request. Time comes with the decision; payloads come sealed. */
export type EvidenceCommand =
  | { readonly do: 'ask'; readonly asked: Asked }
  | {
      readonly do: 'supply'
      readonly evidence: EvidenceMetadata
      readonly sealed: string
      readonly contractVersion: number
    }
  | { readonly do: 'add-document'; readonly document: EvidenceDocument }
  | { readonly do: 'not-found' }
  | { readonly do: 'refuse'; readonly reason: string }
  | { readonly do: 'postpone'; readonly at: string }
  | { readonly do: 'need'; readonly need: 'more-information' | 'choice' }
  | { readonly do: 'inform'; readonly sealed: string; readonly officer?: string }
  | { readonly do: 'approve' | 'decline' | 'fetch' | 'receive' }
  | ({ readonly do: 'reuse' } & Reuse)
  | { readonly do: 'expire' }
  | { readonly do: 'destroy' }
  | { readonly do: 'cancel'; readonly reason?: string }

const answering = ['supply', 'not-found', 'refuse', 'postpone', 'need', 'add-document'] as const

/** Pure: refuses with the problem that tells why, changes nothing then. No facts: it is so already. */
export function decide(state: RequestState | undefined, command: EvidenceCommand, at: Date): readonly EvidenceFact[] {
  if (command.do === 'ask') {
    if (state !== undefined) throw new Problem('state-conflict')
    return [{ type: 'evidence-requested', ...command.asked }]
  }
  if (state === undefined) throw new Problem('not-found')
  if (state.opaque === true) throw new Problem('policy-too-new')
  if (command.do === 'reuse') return [reused(state, command, at)]
  if (command.do === 'destroy') return isEnd(state.state) && !state.destroyed ? [{ type: 'payload-destroyed' }] : []
  if (command.do === 'expire') return isEnd(state.state) || !isOver(state, at) ? [] : [endAtDeadline(state)]
  if (answering.some((each) => each === command.do)) requireUnanswered(state)
  requireOpen(state, at)
  return moved(state, command)
}

/** Refuses as an answer would be refused. */
export function requireAnswerable(state: RequestState, at: Date): void {
  requireUnanswered(state)
  requireOpen(state, at)
}

type Moving = Exclude<EvidenceCommand, { readonly do: 'ask' | 'expire' | 'destroy' | 'reuse' }>

function moved(state: RequestState, command: Moving): readonly EvidenceFact[] {
  switch (command.do) {
    case 'supply': {
      const { evidence, sealed, contractVersion } = command
      return [{ type: 'evidence-supplied', evidence, sealed, contractVersion }]
    }
    case 'add-document':
      return [{ type: 'evidence-document-added', document: command.document }]
    case 'not-found':
      return [{ type: 'evidence-not-found' }]
    case 'refuse':
      return [{ type: 'evidence-refused', reason: command.reason }]
    case 'postpone':
      return [{ type: 'evidence-postponed', at: command.at }]
    case 'need':
      return [{ type: 'evidence-information-needed', need: command.need }]
    case 'inform': {
      if (state.need === undefined) throw conflict(state.state)
      const { sealed, officer } = command
      return [{ type: 'evidence-information-given', sealed, ...(officer === undefined ? {} : { officer }) }]
    }
    case 'approve':
      return from(state, ['preview'], { type: 'preview-approved' })
    case 'decline':
      return from(state, ['preview'], { type: 'preview-declined' })
    case 'fetch':
      return state.state === 'fetched' ? [] : from(state, ['supplied'], { type: 'evidence-fetched' })
    case 'receive':
      return from(state, ['supplied', 'fetched'], { type: 'evidence-received' })
    case 'cancel': {
      const { reason } = command
      return [{ type: 'evidence-cancelled', ...(reason === undefined ? {} : { reason }) }]
    }
  }
}

const reusesMost = 100

/** What was received holds until it is no longer valid; how often it served is counted, within bounds. */
function reused(state: RequestState, { procedure, requirement }: Reuse, at: Date): EvidenceFact {
  const { answer, reuses } = state
  if (answer === undefined || (state.state !== 'fetched' && state.state !== 'closed')) throw conflict(state.state)
  const { validUntil } = answer.evidence
  if (validUntil !== undefined && Date.parse(validUntil) <= at.getTime()) throw new Problem('evidence-too-old')
  if (reuses.length >= reusesMost) throw conflict(state.state)
  return { type: 'evidence-reused', procedure, requirement }
}

function from(state: RequestState, states: readonly RequestStatus[], fact: EvidenceFact): readonly EvidenceFact[] {
  if (!states.includes(state.state)) throw conflict(state.state)
  return [fact]
}

/** One answer, whoever gives it and however often it is sent. */
function requireUnanswered(state: RequestState): void {
  const answered = state.answer !== undefined || state.state === 'not-found' || state.state === 'refused'
  if (answered) throw new Problem('evidence-already-answered')
}

function requireOpen(state: RequestState, at: Date): void {
  if (isEnd(state.state)) throw conflict(state.state)
  if (isOver(state, at)) throw conflict('expired')
}

const isOver = ({ deadline }: RequestState, at: Date): boolean => at.getTime() >= Date.parse(deadline)

/** What reached its requester is done with; all else is over. */
const endAtDeadline = (state: RequestState): EvidenceFact =>
  state.state === 'fetched' ? { type: 'evidence-received' } : { type: 'evidence-expired' }

const conflict = (state: RequestStatus): Problem =>
  new Problem('state-conflict', {
    detail: { es: `La solicitud está en el estado ${state}`, en: `The request is in the state ${state}` },
  })
