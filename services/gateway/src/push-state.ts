import { encodeCursor, pushStandings, topicOf, type WrittenStanding } from '@unavez/exchange'
import type { SubscriptionState } from '@unavez/policy'
import type { Surroundings } from '@unavez/service-kit'

import { lagOf } from './subscription-lag.ts'

/** Where a push stands, as far as the view of its deliveries is folded. */
export async function pushStateOf({ engine, control, keys, clock }: Surroundings, state: SubscriptionState) {
  const { id: subscription, epoch, start } = state
  const topic = topicOf(control.policy, state.agreement)
  const standings = await pushStandings(engine.views, { subscription, epoch, topic })
  const offsets = start.map((offset, partition) => standings[partition]?.next ?? offset)
  const cursor = { subscription, epoch, offsets }
  const failure = lastOf(standings)
  return {
    cursor: encodeCursor(keys.of('cursor'), cursor),
    lag: await lagOf(engine.log, { topic, cursor, now: clock.now() }),
    held: standings.reduce((sum, standing) => sum + (standing?.held?.length ?? 0), 0),
    behind: standings.reduce((sum, standing) => sum + waitingIn(standing), 0),
    circuit: standings.some((standing) => standing?.open === true) ? 'open' : 'closed',
    ...(failure === undefined ? {} : { lastError: { code: failure.code, ...statusOf(failure) } }),
  }
}

const waitingIn = (standing: WrittenStanding | undefined): number =>
  (standing?.held ?? []).reduce((sum, [, , , , , , followers]) => sum + followers.length, 0)

/** What a partition failed at and has not got over. */
const lastOf = (standings: readonly (WrittenStanding | undefined)[]) =>
  standings.find((standing) => standing?.failure !== undefined)?.failure

const statusOf = ({ status }: { readonly status?: number }) => (status === undefined ? {} : { status })
