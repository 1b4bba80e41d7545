import { Problem } from '@unavez/protocol'
import type { Call, Reply, Surroundings } from '@unavez/service-kit'
import Type, { type Static } from 'typebox'

import { decodeConsentCode } from './consent-code.ts'
import { submitConsent } from './consenting.ts'
import { consentWith } from './handshake.ts'

const params = Type.Object({ id: Type.String({ maxLength: 64 }), code: Type.String({ maxLength: 64 }) })
const granted = Type.Object({ id: Type.String(), state: Type.String() })

/** The callback of the handshake: a receiver that does not answer it lets somebody open it, in a browser if need be. */
export function consentRoutes(surroundings: Surroundings): void {
  for (const method of ['GET', 'POST'] as const) {
    surroundings.http.route({
      method,
      url: '/v1/subscriptions/:id/consent/:code',
      owner: 'delivery',
      summary: 'Consent to the events of a subscription; the endpoint alone was told this address',
      acts: true,
      access: { open: true, why: 'The code in the address proves who was asked' },
      params,
      replies: { 200: granted },
      handle: (call) => grant(surroundings, call),
    })
  }
}

async function grant(
  { control, keys }: Surroundings,
  call: Pick<Call, 'headers' | 'now'> & { readonly params: Static<typeof params> },
): Promise<Reply> {
  const { id, code } = call.params
  await control.fresh()
  const asked = decodeConsentCode(keys.of('consent'), { subscription: id, code }, call.now)
  const before = control.policy.subscription(id)
  if (asked === undefined || before?.endpoint?.version !== asked.version || before.state === 'ended')
    throw new Problem('not-found')
  const consent = consentWith(call.headers['webhook-allowed-rate'])
  if (consent === undefined) throw new Problem('header-invalid', { pointer: '/webhook-allowed-rate' })
  const outcome = await submitConsent({ control }, { subscription: id, version: asked.version, consent })
  return { body: { id, state: control.policy.subscription(id)?.state ?? before.state }, at: outcome.offset }
}
