import { createHash } from 'node:crypto'

import { contactRoles, type InvitationState } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { type Call, type Outcome, shapes, type Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { enrol, enrolmentReads, invitationFor } from './invitation.ts'
import { keysMax } from './keys.ts'
import { readPublicKeys } from './public-keys.ts'
import { clientIdOf } from './system.ts'
import { systemView } from './system-view.ts'

const strict = { additionalProperties: false }
const bodyBytesMax = 64 * 1024
/** Codes that open nothing, over all instances; those that open something are never refused for it. */
const failuresPerMinute = 60
const minuteMs = 60_000

const enrolmentBody = Type.Object(
  {
    code: Type.String({ minLength: 1, maxLength: 200 }),
    name: shapes.name,
    jwks: Type.Object({
      keys: Type.Array(Type.Record(Type.String(), Type.Unknown()), { minItems: 1, maxItems: keysMax }),
    }),
    contact: Type.Optional(
      Type.Object(
        {
          name: shapes.contact.properties.name,
          email: shapes.contact.properties.email,
          phone: shapes.contact.properties.phone,
          role: Type.Optional(Type.Enum([...contactRoles], { default: 'technical' })),
        },
        strict,
      ),
    ),
  },
  strict,
)
type EnrolCall = Call<Type.TAny, Type.TAny, typeof enrolmentBody>

/** `POST /v1/enrolments`: open to whoever holds a code. What a stranger without one can cause is a hash and a count. */
export function enrolmentRoute(surroundings: Surroundings): void {
  const { http, control, settings } = surroundings
  http.route({
    method: 'POST',
    url: '/v1/enrolments',
    owner: 'identity',
    summary: 'Enrol a system with the code of its invitation; its keys are made where they stay',
    access: { open: true, why: 'the code is what proves' },
    body: enrolmentBody,
    bodyLimit: bodyBytesMax,
    async handle(call) {
      const invitation = await opened(surroundings, call.body.code)
      const outcome = await submitted(surroundings, call, invitation)
      const { institution, system } = invitation
      const state = control.policy.system(clientIdOf(institution, system))
      if (state === undefined) throw new Problem('policy-too-new')
      const standing = control.policy.institution(institution)?.state
      return {
        status: 201,
        headers: { location: `/v1/institutions/${institution}/systems/${system}` },
        body: {
          ...systemView(state, call.now),
          state: standing === 'pending' ? 'pending' : state.state,
          issuer: settings.publicUrl,
          tokenEndpoint: `${settings.publicUrl}/oauth/token`,
        },
        at: outcome.offset,
      }
    },
  })
}

async function opened({ control, engine, clock }: Surroundings, code: string): Promise<InvitationState> {
  await control.fresh()
  const invitation = invitationFor(control.policy, code)
  if (invitation !== undefined) return invitation
  const minute = Math.floor(clock.now().getTime() / minuteMs)
  const failures = await engine.volatile.count(`enrolments/${minute}`, 1, 2 * minuteMs)
  if (failures > failuresPerMinute) throw new Problem('too-many-attempts', { retryAfter: 60 })
  throw new Problem('invitation-invalid')
}

/** One invitation is one command: the same enrolment again gets the same answer, any other is too late. */
async function submitted({ control }: Surroundings, call: EnrolCall, invitation: InvitationState): Promise<Outcome> {
  const { name, jwks, contact } = call.body
  const { id, institution, system } = invitation
  const keys = readPublicKeys(jwks.keys)
  const reached = contact && { role: contact.role ?? ('technical' as const), ...named(contact) }
  try {
    return await control.submit({
      command: `${clientIdOf(institution, system)}/enrolment-${id}`,
      hash: createHash('sha256')
        .update(JSON.stringify([name, keys, reached]))
        .digest('base64url'),
      by: { institution, system },
      traceparent: call.traceparent,
      decide: (policy, at) => ({
        facts: enrol(policy, { invitation: id, name, keys, contact: reached }, at),
        reads: enrolmentReads(invitation),
      }),
    })
  } catch (error) {
    if (error instanceof Problem && error.code === 'idempotency-key-reused') throw new Problem('invitation-over')
    throw error
  }
}

const named = ({ name, email, phone }: { name: string; email: string; phone?: string }) => ({
  name,
  email,
  ...(phone === undefined ? {} : { phone }),
})
