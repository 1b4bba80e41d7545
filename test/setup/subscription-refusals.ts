import type { Refused } from './reasons.ts'
import { pulling, type Session } from './session.ts'
import type { birthWorld } from './world.ts'

interface Begun {
  readonly session: Session
  readonly world: Awaited<ReturnType<typeof birthWorld>>
  /** Active, of css, on the fields asked for. */
  readonly agreement: string
}

/** What a subscription's endpoint and its filter are refused for. */
export function subscriptionRefusals(begin: (fields: readonly string[]) => Promise<Begun>) {
  let one: Begun & { readonly subscription: string }
  const subscribed = async (fields: readonly string[], more: object): Promise<typeof one> => {
    const begun = await begin(fields)
    const json = { agreement: begun.agreement, mode: 'pull', start: 'earliest', ...more }
    const asked = { as: begun.world.css, path: '/v1/subscriptions', json }
    one = { ...begun, subscription: (await begun.session.done<{ id: string }>(asked)).id }
    return one
  }
  return {
    'subscription-awaiting-consent': (): Refused => ({
      begin: async () => {
        const push = { mode: 'push', endpoint: { url: 'https://css.example/hooks' } }
        const { world, subscription } = await subscribed(['child'], push)
        return pulling(subscription, world.css)
      },
      whoCanGrant: ['css', 'operator'],
    }),
    'subscription-filter-outdated': (): Refused => ({
      begin: async () => {
        const filter = { prefix: { 'data.birthDate': '2026' } }
        const { world, session, agreement, subscription } = await subscribed(['child', 'birthDate'], { filter })
        const path = `/v1/agreements/${agreement}`
        await session.done({
          as: world.css,
          path: `${path}/amend`,
          json: { fields: ['child'], reason: 'Less is enough' },
        })
        await session.done({ as: world.te, path: `${path}/approve`, json: { reason: 'Agreed' } })
        return pulling(subscription, world.css)
      },
      whoCanGrant: ['css'],
      remedy: async () => {
        const { world, session, subscription } = one
        const path = `/v1/subscriptions/${subscription}`
        await session.done({ as: world.css, method: 'PATCH', path, json: { filter: null } })
        return undefined
      },
    }),
  }
}
