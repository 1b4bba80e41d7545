import type { FactOf } from '../facts.ts'
import { none } from '../sharing.ts'
import {
  type DeliveryWish,
  type PushKey,
  type SubscriptionFact,
  subscriptionLimits,
  type SubscriptionState,
} from '../subscription-facts.ts'

type State = SubscriptionState | undefined

/** The state after a fact; undefined if the fact makes no sense after what came before. `n`: the control offset of its record. */
export function evolveSubscription(state: State, fact: SubscriptionFact, n: number): State {
  if (fact.type === 'subscription-created') return state === undefined ? created(fact) : undefined
  if (state === undefined || state.state === 'ended') return undefined
  switch (fact.type) {
    case 'subscription-consented':
      return consented(state, fact)
    case 'subscription-endpoint-set':
      return withEndpoint(state, fact)
    case 'subscription-filter-set': {
      const { filter: _, ...rest } = state
      const filterVersion = state.filterVersion + 1
      return fact.filter === null ? { ...rest, filterVersion } : { ...rest, filterVersion, filter: fact.filter }
    }
    case 'subscription-baseline-set':
      return { ...state, filterVersion: state.filterVersion + 1, baseline: fact.baseline }
    case 'subscription-secret-rotated':
      return state.mode === 'push' ? { ...state, keys: rotated(state.keys, fact) } : undefined
    case 'subscription-rewound':
      return { ...skipped(state, fact.to), back: true }
    case 'subscription-paused':
      return state.state === 'paused' ? undefined : stopped(state, 'paused', fact.reason)
    case 'subscription-blocked':
      return state.state === 'active' ? stopped(state, 'blocked', fact.reason) : undefined
    case 'subscription-resumed':
      return state.state === 'paused' || state.state === 'blocked' ? goingOn(takenUp(state, fact, n)) : undefined
    case 'delivery-ordered':
      return state.mode === 'push' ? ordered(state, fact.order, { n, reason: fact.reason }) : undefined
    case 'subscription-ended':
      return stopped(state, 'ended', fact.reason)
  }
}

function created(fact: FactOf<'subscription-created'>): State {
  const { aggregate, id, agreement, consumer, mode, start, filter, baseline = 'include', endpoint, keys = none } = fact
  if (aggregate !== `subscription:${id}` || (endpoint !== undefined) !== (mode === 'push')) return undefined
  return {
    id,
    agreement,
    consumer,
    mode,
    state: mode === 'push' ? 'awaiting-consent' : 'active',
    epoch: 1,
    start,
    ...(filter === undefined ? {} : { filter }),
    filterVersion: 1,
    baseline,
    ...(endpoint === undefined ? {} : { endpoint: { ...endpoint, version: 1, consented: false } }),
    keys,
    orders: none,
  }
}

/** Consent to an endpoint that was replaced meanwhile says nothing about the new one. The newest word on the rate counts. */
function consented(state: SubscriptionState, fact: FactOf<'subscription-consented'>): State {
  if (state.endpoint?.version !== fact.endpointVersion) return undefined
  const { ratePerMinute: _, ...endpoint } = state.endpoint
  const rate = fact.ratePerMinute === undefined ? {} : { ratePerMinute: fact.ratePerMinute }
  const agreed = { ...state, endpoint: { ...endpoint, consented: true, ...rate } }
  return state.state === 'awaiting-consent' ? goingOn(agreed) : agreed
}

/** Another way to sign in at the same address needs no new consent. */
function withEndpoint(state: SubscriptionState, { endpoint }: FactOf<'subscription-endpoint-set'>): State {
  const before = state.endpoint
  if (before === undefined) return undefined
  const { url, consented: was, ratePerMinute } = before
  const isConsented = was && url === endpoint.url
  const rate = isConsented && ratePerMinute !== undefined ? { ratePerMinute } : {}
  const after = {
    ...state,
    endpoint: { ...endpoint, version: before.version + 1, consented: isConsented, ...rate },
  }
  return state.state === 'active' || state.state === 'awaiting-consent' ? goingOn(after) : after
}

/** Active, or as soon as its endpoint is consented to. */
function goingOn(state: SubscriptionState): SubscriptionState {
  const { reason: _, ...rest } = state
  return { ...rest, state: state.endpoint?.consented === false ? 'awaiting-consent' : 'active' }
}

function stopped(state: SubscriptionState, to: 'paused' | 'blocked' | 'ended', reason?: string): SubscriptionState {
  const { reason: _, ...rest } = state
  return { ...rest, state: to, ...(reason === undefined ? {} : { reason }) }
}

/** The newest of a use is in use; of those before, only the last signs on, until its time. */
function rotated(keys: readonly PushKey[], { key, until }: FactOf<'subscription-secret-rotated'>): readonly PushKey[] {
  const inUse = keys.find(({ use }) => use === key.use)
  return [key, ...keys.filter(({ use }) => use !== key.use), ...(inUse === undefined ? [] : [{ ...inUse, until }])]
}

function ordered(
  state: SubscriptionState,
  wish: DeliveryWish,
  { n, reason }: { readonly n: number; readonly reason?: string | undefined },
): SubscriptionState {
  const order = { ...wish, n, ...(reason === undefined ? {} : { reason }) }
  return { ...state, orders: [...state.orders, order].slice(-subscriptionLimits.orders) }
}

interface Resumption {
  readonly backlog: 'deliver' | 'skip'
  readonly skipTo?: readonly number[]
}

/** What is held is due at once, or is left behind with the epoch. Also what an agreement that is resumed does to its own. */
export function takenUp(state: SubscriptionState, { backlog, skipTo }: Resumption, n: number): SubscriptionState {
  if (state.state === 'ended') return state
  if (backlog === 'skip') return skipped(state, skipTo)
  return state.mode === 'push' ? ordered(state, { kind: 'retry' }, { n }) : state
}

/** Goes on at the offsets given, in a new epoch: cursors of before are refused. */
function skipped(state: SubscriptionState, to: readonly number[] | undefined): SubscriptionState {
  if (to === undefined) return state
  const { back: _, ...rest } = state
  return { ...rest, epoch: state.epoch + 1, start: to }
}
