import type { Policy, PushEndpoint, SubscriptionState } from '@unavez/policy'
import Type from 'typebox'

import { completeReply } from './digest-routes.ts'
import { subscriptionStates } from './subscription-bodies.ts'

/** A subscription as lists tell it, to both parties of its agreement. */
export const summaryOf = (policy: Policy, subscription: SubscriptionState) => {
  const { id, state, mode, agreement, consumer, reason, filter, baseline } = subscription
  const contract = policy.agreement(agreement)?.contract
  return {
    id,
    state,
    ...(reason === undefined ? {} : { reason }),
    mode,
    agreement,
    ...(contract === undefined ? {} : { contract }),
    consumer,
    ...(filter === undefined ? {} : { filter }),
    baseline,
  }
}

/** Where it is pushed to and what verifies it: for whoever owns it and for the operator. */
export const pushOf = ({ endpoint, keys }: SubscriptionState) => {
  const signing = keys.find(({ use }) => use === 'signing')?.public
  return {
    ...(endpoint === undefined ? {} : { endpoint: endpointOf(endpoint) }),
    ...(signing === undefined ? {} : { signingKey: signing }),
  }
}

const endpointOf = ({ url, auth, version, consented }: PushEndpoint) => ({
  url,
  auth: { kind: auth },
  version,
  consented,
})

const summary = {
  id: Type.String(),
  state: Type.Enum([...subscriptionStates]),
  reason: Type.Optional(Type.String({ description: 'Why it is paused or blocked' })),
  mode: Type.Enum(['pull', 'push']),
  agreement: Type.String(),
  contract: Type.Optional(Type.String()),
  consumer: Type.String(),
  filter: Type.Optional(Type.Object({})),
  baseline: Type.Enum(['include', 'exclude']),
}

const push = {
  endpoint: Type.Optional(
    Type.Object({
      url: Type.String(),
      auth: Type.Object({ kind: Type.String() }),
      version: Type.Integer({ description: 'Grows with each change of address or auth' }),
      consented: Type.Boolean({ description: 'Nothing goes to an address that was not consented to' }),
    }),
  ),
  signingKey: Type.Optional(Type.String({ description: 'whpk_…: verifies v1a signatures' })),
}

const secret = Type.Optional(
  Type.String({ description: 'whsec_…: verifies v1 signatures; told once, when it is made' }),
)

/** What the routes of subscriptions answer, for the API's description. */
export const replies = {
  created: Type.Object({ ...summary, ...push, secret }),
  subscription: Type.Object({
    ...summary,
    ...push,
    epoch: Type.Integer({
      description: 'Grows whenever the cursor is moved by decision; older cursors are refused then',
    }),
    cursor: Type.Optional(
      Type.String({ description: 'Where it stands: of a pull as committed, else where the epoch begins' }),
    ),
    complete: Type.Optional(completeReply),
    lag: Type.Optional(
      Type.Object({
        events: Type.Integer({
          description: 'Events of the domain behind the cursor; those of other contracts count too',
        }),
        seconds: Type.Integer({ description: 'Since the oldest of them was accepted' }),
      }),
    ),
    held: Type.Optional(Type.Integer({ description: 'Of a push: subjects whose delivery is held' })),
    behind: Type.Optional(Type.Integer({ description: 'Of a push: deliveries that wait behind those held' })),
    circuit: Type.Optional(
      Type.Enum(['open', 'closed'], { description: 'Of a push: open while its endpoint is taken to fail' }),
    ),
    lastError: Type.Optional(Type.Object({ code: Type.String(), status: Type.Optional(Type.Integer()) })),
  }),
  subscriptions: Type.Object({
    items: Type.Array(Type.Object(summary)),
    next: Type.Union([Type.String(), Type.Null()], { description: '`after` of the next page' }),
  }),
  changed: Type.Object({ id: Type.String(), state: summary.state }),
  resumed: Type.Object({ id: Type.String(), state: summary.state, backlog: Type.Enum(['deliver', 'skip']) }),
  rewound: Type.Object({
    id: Type.String(),
    events: Type.Integer({ description: 'Events of the contract that come again, at most; filters are not applied' }),
    more: Type.Boolean({ description: 'Not all were counted: there are more' }),
    epoch: Type.Optional(Type.Integer({ description: 'The new one; absent if this was only counted' })),
  }),
  history: Type.Object({
    items: Type.Array(
      Type.Object({
        type: Type.String(),
        version: Type.Integer(),
        at: Type.String(),
        by: Type.Object({ institution: Type.String(), system: Type.String() }),
        reason: Type.Optional(Type.String()),
      }),
    ),
  }),
}
