import { randomUUID } from 'node:crypto'

import { Contract, sampleData } from '@unavez/contracts'
import { authorize, type Policy, type SubscriptionState, theBus } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import type { Call, Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import type { Sender } from './endpoint/attempt.ts'

const params = Type.Object({ id: Type.String({ maxLength: 64 }) })

const reply = Type.Object({
  id: Type.String({ description: 'Of the event that was sent' }),
  delivered: Type.Boolean(),
  status: Type.Optional(Type.Integer({ description: 'What the endpoint answered' })),
  code: Type.Optional(Type.String({ description: 'Why it does not count as delivered' })),
  ms: Type.Integer(),
})

/**
 * One event made of the contract's sample, marked `test`, by the way that real ones take: address guard, sign-in, signature, answer.
 * It is told of at once; nothing waits for it, and it counts nowhere. No citizen is in it, so nothing is disclosed.
 */
export function testRoute({ http, control, clock }: Surroundings, sender: Sender): void {
  http.route({
    method: 'POST',
    url: '/v1/subscriptions/:id/test',
    owner: 'delivery',
    summary: 'Send a sample event to the endpoint, and see what it answers',
    access: { action: 'change-subscription', on: ({ params: { id = '' } }) => ({ kind: 'subscription', id }) },
    params,
    replies: { 200: reply },
    async handle(call) {
      const { id } = call.params
      const subscription = control.policy.subscription(id)
      if (subscription === undefined) throw new Problem('not-found')
      requireConsent(subscription)
      // Without the yes of policy not even a sample goes there.
      const on = { kind: 'subscription', id } as const
      const question = { action: 'deliver', actor: theBus('delivery'), on } as const
      const decision = authorize(control.policy, question, clock.now())
      if (subscription.state === 'active' && !decision.allowed) throw call.refusal('deliver', on, decision)
      const event = sampleEvent(control.policy, subscription, call)
      const body = Buffer.from(JSON.stringify(event))
      const webhookId = `${id}_${event.id}`
      const answer = await sender.send({ subscription, webhookId, body, traceparent: call.traceparent }, call.gone)
      const { ms } = answer
      const status = answer.kind === 'unreachable' ? {} : { status: answer.status }
      const code = answer.kind === 'delivered' ? {} : { code: answer.code }
      return { body: { id: event.id, delivered: answer.kind === 'delivered', ...status, ...code, ms: Math.round(ms) } }
    },
  })
}

/** An endpoint that has not said yes gets nothing, and one that is gone has nobody behind it. */
function requireConsent({ mode, state }: SubscriptionState): void {
  if (mode === 'push' && state !== 'awaiting-consent' && state !== 'ended') return
  throw new Problem('state-conflict', {
    detail: { es: 'No hay un punto de entrega que haya dicho que sí', en: 'There is no endpoint that has said yes' },
  })
}

function sampleEvent(policy: Policy, { agreement: name }: SubscriptionState, { now }: Call) {
  const agreement = policy.agreement(name)
  const state = agreement && policy.contract(agreement.contract)
  const version = state?.versions.find((each) => each.version === agreement?.contractVersion)
  if (agreement === undefined || state === undefined || version === undefined) throw new Problem('not-found')
  const sample = sampleData(new Contract(state.type, version.schema))
  const data = Object.fromEntries(Object.entries(sample).filter(([field]) => agreement.fields.includes(field)))
  const time = now.toISOString()
  return {
    specversion: '1.0',
    id: `test-${randomUUID()}`,
    source: 'urn:unavez:zz:unavez:delivery',
    type: state.type,
    time,
    occurredat: time,
    publishedat: time,
    changetype: 'created',
    test: true,
    data,
  }
}
