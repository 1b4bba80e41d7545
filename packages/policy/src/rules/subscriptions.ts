import { fieldsNamed } from '@unavez/contracts'

import type { AgreementState } from '../agreement-facts.ts'
import { operator } from '../operator.ts'
import type { SubscriptionState } from '../subscription-facts.ts'
import { inForce } from './agreements.ts'
import { inForceOrCorrected } from './corrections.ts'
import {
  all,
  type Answer,
  type Asked,
  isOperator,
  missing,
  needsRole,
  refuse,
  type Rule,
  tooNew,
  yes,
} from './asked.ts'

type Check = (subscription: SubscriptionState, agreement: AgreementState) => Answer

/** Both parties of its agreement and the operator see a subscription. */
function withSubscription(asked: Asked, check: Check): Answer {
  const { policy, on, speaker } = asked
  if (on.kind !== 'subscription') return 'hidden'
  const subscription = policy.subscription(on.id)
  if (subscription === undefined) return missing(policy, `subscription:${on.id}`)
  const { consumer } = subscription
  const agreement = policy.agreement(subscription.agreement)
  const party = consumer === speaker.institution || agreement?.owner === speaker.institution || isOperator(asked)
  if (!party) return 'hidden'
  return agreement === undefined ? tooNew : check(subscription, agreement)
}

const ofConsumer = ({ speaker }: Asked, { consumer }: SubscriptionState): Answer =>
  consumer === speaker.institution ? yes : refuse('consumer-only', consumer)

function active({ state, consumer }: SubscriptionState): Answer {
  switch (state) {
    case 'active':
      return yes
    case 'awaiting-consent':
      return refuse('subscription-awaiting-consent', consumer, operator.id)
    case 'blocked':
      return refuse('subscription-blocked', consumer)
    case 'paused':
      return refuse('subscription-paused', consumer)
    case 'ended':
      return refuse('subscription-ended', consumer)
  }
}

/** By what is agreed no more nothing is chosen: whether an event comes would tell what is in the field. */
function filterStands({ filter, consumer }: SubscriptionState, { fields }: AgreementState): Answer {
  const stands = filter === undefined || fieldsNamed(filter).every((name) => fields.includes(name))
  return stands ? yes : refuse('subscription-filter-outdated', consumer)
}

export const receive: Rule = {
  name: 'events-are-received-under-an-active-agreement',
  answer: (asked) =>
    withSubscription(asked, (subscription, agreement) =>
      all(
        ofConsumer(asked, subscription),
        needsRole(asked, 'consumer'),
        inForceOrCorrected(asked.policy, agreement, asked.at),
        active(subscription),
        filterStands(subscription, agreement),
      ),
    ),
}

/** Pseudonyms are of use to whoever receives events: they tell nothing else. */
export const readPseudonyms: Rule = {
  name: 'pseudonyms-are-told-to-consumers-with-an-active-agreement',
  answer: (asked) => {
    const { policy, on, speaker, at } = asked
    if (on.kind !== 'institution' || on.id !== speaker.institution) return 'hidden'
    const agreements = policy.agreementsOf(on.id).filter(({ consumer }) => consumer === on.id)
    const stands = agreements.some((agreement) => inForce(policy, agreement, at).length === 0)
    return all(needsRole(asked, 'consumer', 'requester'), stands ? yes : refuse('agreement-none', on.id))
  },
}

/** What the bus sends goes to the same institution under the same agreement; nobody speaks, so nobody's role is asked for. */
export const deliver: Rule = {
  name: 'events-are-pushed-under-an-active-agreement',
  answer: (asked) =>
    withSubscription(asked, (subscription, agreement) =>
      all(
        ofConsumer(asked, subscription),
        inForceOrCorrected(asked.policy, agreement, asked.at),
        active(subscription),
        filterStands(subscription, agreement),
      ),
    ),
}

/** Where a handshake can't be had, the operator looks who has the endpoint. */
export const confirmSubscription: Rule = {
  name: 'endpoints-are-confirmed-by-the-operator',
  answer: (asked) =>
    withSubscription(asked, () =>
      all(isOperator(asked) ? yes : refuse('operator-only', operator.id), needsRole(asked, 'administrator')),
    ),
}

export const readSubscription: Rule = {
  name: 'subscriptions-are-read-by-their-parties-and-the-operator',
  answer: (asked) => (asked.on.kind === 'bus' ? yes : withSubscription(asked, () => yes)),
}

export const changeSubscription: Rule = {
  name: 'subscriptions-are-changed-by-their-consumer',
  answer: (asked) =>
    withSubscription(asked, (subscription) =>
      all(ofConsumer(asked, subscription), needsRole(asked, 'consumer', 'administrator')),
    ),
}
