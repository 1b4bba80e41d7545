import { refuseIdentifier } from '@unavez/contracts'
import type { AgreementState, Backlog, Fact, SubscriptionState } from '@unavez/policy'
import { Problem, type Text } from '@unavez/protocol'

export interface CreateSubscription {
  /** `sub_…`, the same for a repeated command. */
  readonly id: string
  readonly mode: 'pull'
  /** The first offset wanted of each partition of the domain's topic. */
  readonly start: readonly number[]
}

export type ChangeSubscription =
  | { readonly change: 'pause' | 'end'; readonly reason?: string | undefined }
  | {
      readonly change: 'resume'
      readonly backlog: Backlog
      /** The domain topic's next offset of each partition, with `skip`. */
      readonly skipTo?: readonly number[]
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
      id: command.id,
      agreement: agreement.id,
      consumer: agreement.consumer,
      mode: command.mode,
      start: [...command.start],
    },
  ]
}

/** Refuses 'not-found', and 'state-conflict' from a state that the change does not start from. */
export function changeSubscription(state: SubscriptionState | undefined, command: ChangeSubscription): readonly Fact[] {
  if (state === undefined) throw new Problem('not-found')
  if (command.change === 'pause' && command.reason !== undefined) refuseIdentifier(command.reason, '/reason')
  if (!startsFrom[command.change].includes(state.state)) throw stateConflict(state.state)
  const aggregate = subscriptionAggregate(state.id)
  switch (command.change) {
    case 'pause':
      return [{ type: 'subscription-paused', aggregate, ...because(command.reason) }]
    case 'end':
      return [{ type: 'subscription-ended', aggregate, ...because(command.reason) }]
    case 'resume': {
      const { backlog, skipTo } = command
      return [{ type: 'subscription-resumed', aggregate, backlog, ...(skipTo === undefined ? {} : { skipTo }) }]
    }
  }
}

const startsFrom: Readonly<Record<ChangeSubscription['change'], readonly SubscriptionState['state'][]>> = {
  pause: ['active', 'awaiting-consent', 'blocked'],
  resume: ['paused', 'blocked'],
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

const because = (reason: string | undefined): { reason?: string } => (reason === undefined ? {} : { reason })
