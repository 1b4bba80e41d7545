import { refuseIdentifier } from '@unavez/contracts'
import type { AgreementState, Backlog, Baseline, EndpointWish, Fact, PushKey, SubscriptionState } from '@unavez/policy'
import { Problem, type Text } from '@unavez/protocol'

import { type EndpointChange, endpointAfter } from './subscription-endpoint.ts'

export interface CreateSubscription {
  /** `sub_…`, the same for a repeated command. */
  readonly id: string
  readonly mode: 'pull' | 'push'
  /** The first offset wanted of each partition of the domain's topic. */
  readonly start: readonly number[]
  readonly filter?: object
  readonly baseline?: Baseline
  /** Of push, with what it is signed with. */
  readonly endpoint?: EndpointWish
  readonly keys?: readonly PushKey[]
}

export type ChangeSubscription =
  | { readonly change: 'pause' | 'end'; readonly reason?: string | undefined }
  | {
      readonly change: 'resume'
      readonly backlog: Backlog
      /** The domain topic's next offset of each partition, with `skip`. */
      readonly skipTo?: readonly number[]
    }
  | { readonly change: 'rewind'; readonly to: readonly number[] }
  | { readonly change: 'confirm'; readonly reason: string }

/** What is other from now on; what is absent stays. */
export interface AmendSubscription {
  readonly endpoint?: EndpointChange
  readonly filter?: object | null
  readonly baseline?: Baseline
  /** `until`: when the key that it replaces signs no more. */
  readonly rotated?: { readonly key: PushKey; readonly until: string }
}

export const subscriptionAggregate = (id: string): string => `subscription:${id}`

/** Puts an active agreement to work. Refuses 'agreement-not-active', and 'state-conflict' if the id is taken. */
export function createSubscription(
  state: { readonly subscription: SubscriptionState | undefined; readonly agreement: AgreementState | undefined },
  command: CreateSubscription,
): readonly Fact[] {
  const { agreement, subscription } = state
  if (agreement?.state !== 'active') throw new Problem('agreement-not-active', { pointer: '/agreement' })
  if (subscription !== undefined) throw stateConflict(subscription.state)
  return [
    {
      type: 'subscription-created',
      aggregate: subscriptionAggregate(command.id),
      agreement: agreement.id,
      consumer: agreement.consumer,
      ...command,
    },
  ]
}

/** Refuses 'not-found', and 'state-conflict' from a state that the change does not start from. */
export function changeSubscription(state: SubscriptionState | undefined, command: ChangeSubscription): readonly Fact[] {
  if (state === undefined) throw new Problem('not-found')
  if ('reason' in command && command.reason !== undefined) refuseIdentifier(command.reason, '/reason')
  if (!startsFrom[command.change].includes(state.state)) throw stateConflict(state.state)
  const aggregate = subscriptionAggregate(state.id)
  switch (command.change) {
    case 'pause':
      return [{ type: 'subscription-paused', aggregate, ...because(command.reason) }]
    case 'end':
      return [{ type: 'subscription-ended', aggregate, ...because(command.reason) }]
    case 'rewind':
      return [{ type: 'subscription-rewound', aggregate, to: command.to }]
    case 'confirm': {
      if (state.endpoint === undefined || state.endpoint.consented) throw stateConflict(state.state)
      const { version: endpointVersion } = state.endpoint
      return [
        { type: 'subscription-consented', aggregate, endpointVersion, by: 'confirmation', reason: command.reason },
      ]
    }
    case 'resume': {
      const { backlog, skipTo } = command
      return [{ type: 'subscription-resumed', aggregate, backlog, ...(skipTo === undefined ? {} : { skipTo }) }]
    }
  }
}

/** Refuses 'not-found', 'state-conflict' of one that ended, and with a pointer what a pull does not have. */
export function requireAmendable(
  state: SubscriptionState | undefined,
  asked: { readonly endpoint?: unknown; readonly rotate?: unknown },
): SubscriptionState {
  if (state === undefined) throw new Problem('not-found')
  if (state.state === 'ended') throw stateConflict(state.state)
  const [name] = Object.entries(asked).find(([, value]) => value !== undefined) ?? []
  if (name !== undefined && state.mode === 'pull')
    throw new Problem('body-invalid', { pointer: `/${name}`, detail: pushOnly })
  return state
}

/** What is as it was already leaves no fact. */
export function amendSubscription(asked: SubscriptionState | undefined, command: AmendSubscription): readonly Fact[] {
  const { endpoint: change, filter, baseline, rotated } = command
  const state = requireAmendable(asked, { endpoint: change, rotate: rotated })
  const aggregate = subscriptionAggregate(state.id)
  const endpoint = change && endpointAfter(change, state.endpoint)
  const facts: Fact[] = []
  if (endpoint !== undefined) facts.push({ type: 'subscription-endpoint-set', aggregate, endpoint })
  if (filter !== undefined && JSON.stringify(filter ?? undefined) !== JSON.stringify(state.filter))
    facts.push({ type: 'subscription-filter-set', aggregate, filter })
  if (baseline !== undefined && baseline !== state.baseline)
    facts.push({ type: 'subscription-baseline-set', aggregate, baseline })
  if (rotated !== undefined) facts.push({ type: 'subscription-secret-rotated', aggregate, ...rotated })
  return facts
}

const startsFrom: Readonly<Record<ChangeSubscription['change'], readonly SubscriptionState['state'][]>> = {
  pause: ['active', 'awaiting-consent', 'blocked'],
  resume: ['paused', 'blocked'],
  rewind: ['active', 'awaiting-consent', 'paused', 'blocked'],
  confirm: ['awaiting-consent', 'paused', 'blocked'],
  end: ['active', 'awaiting-consent', 'paused', 'blocked'],
}

const stateNames: Readonly<Record<SubscriptionState['state'], Text>> = {
  'awaiting-consent': { es: 'a la espera del consentimiento', en: 'awaiting consent' },
  active: { es: 'activa', en: 'active' },
  blocked: { es: 'bloqueada', en: 'blocked' },
  paused: { es: 'en pausa', en: 'paused' },
  ended: { es: 'terminada', en: 'ended' },
}

const stateConflict = (state: SubscriptionState['state']): Problem =>
  new Problem('state-conflict', {
    detail: {
      es: `La suscripción está ${stateNames[state].es}`,
      en: `The subscription is ${stateNames[state].en}`,
    },
  })

const pushOnly: Text = { es: 'La suscripción no es de entrega (push)', en: 'The subscription is not a push' }

const because = (reason: string | undefined): { reason?: string } => (reason === undefined ? {} : { reason })
