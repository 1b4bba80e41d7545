import { createHash } from 'node:crypto'

import { type Actor, authorize, operator, operatorSystem, type SystemKey } from '@unavez/policy'
import { apiLimits, Problem, problems } from '@unavez/protocol'
import { type Call, mintAccessToken, type Reply, type Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { type Assertion, type AssertionRules, openKeyObjects, verifyAssertion } from './assertion.ts'
import { assertionCauses, OAuthError } from './oauth-error.ts'
import type { SigningKey } from './signing-keys.ts'
import { clientIdOf } from './system.ts'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const operatorClientId = clientIdOf(operator.id, operatorSystem.id)
const bodyBytesMax = 16 * 1024
/** As long as an assertion may live, and as far as the clocks of two instances may differ. */
const seenMs = (apiLimits.assertionSeconds + 60) * 1000

const away = new OAuthError('temporarily_unavailable', {
  code: 'unavailable',
  text: problems.unavailable,
  remedy: { es: 'Repita en un momento, con una afirmación nueva', en: 'Repeat in a moment, with a new assertion' },
})

const tokenReply = Type.Object({
  access_token: Type.String(),
  token_type: Type.Literal('Bearer'),
  expires_in: Type.Integer(),
})

/** `POST /oauth/token`: private_key_jwt to an access token of 10 minutes. Errors have the shape of RFC 6749 §5.2. */
export function tokenRoute(surroundings: Surroundings, signingKey: () => SigningKey | undefined): void {
  const means: Means = { signingKey, keyObject: openKeyObjects() }
  surroundings.http.route({
    method: 'POST',
    url: '/oauth/token',
    owner: 'identity',
    summary: 'An access token for a signed assertion (RFC 7523)',
    access: { open: true, why: 'it is where tokens come from' },
    consumes: ['*/*'],
    bodyLimit: bodyBytesMax,
    replies: { 200: tokenReply },
    async handle(call) {
      try {
        return await grant(surroundings, call, means)
      } catch (error) {
        if (error instanceof OAuthError) return error.reply(call.language)
        if (error instanceof Problem && error.status === 503) return away.reply(call.language)
        throw error
      }
    },
  })
}

interface Means {
  readonly signingKey: () => SigningKey | undefined
  readonly keyObject: AssertionRules['keyObject']
}

async function grant(surroundings: Surroundings, call: Call, { signingKey, keyObject }: Means): Promise<Reply> {
  const { control, settings, clock } = surroundings
  const form = readForm(call)
  const key = signingKey()
  if (key === undefined) throw new Problem('unavailable', { retryAfter: 1 })
  const now = clock.now()
  const issuer = settings.publicUrl
  const keysOf = (clientId: string): readonly SystemKey[] =>
    clientId === operatorClientId ? settings.operatorKeys : (control.policy.system(clientId)?.keys ?? [])
  await control.fresh()
  const assertion = await verifyAssertion(form.assertion, { issuer, now, keysOf, keyObject })
  const { clientId } = assertion
  if (form.clientId !== undefined && form.clientId !== clientId) throw new OAuthError('invalid_client')
  requireActive(surroundings, clientId, now)
  await useOnce(surroundings, assertion)
  return {
    headers: { pragma: 'no-cache' },
    body: {
      access_token: mintAccessToken({ ...key, publicUrl: issuer, clientId, key: assertion.key, at: now }),
      token_type: 'Bearer',
      expires_in: apiLimits.tokenSeconds,
    },
  }
}

interface TokenForm {
  readonly assertion: string
  readonly clientId: string | undefined
}

function readForm({ body, headers }: Call): TokenForm {
  const type = headers['content-type']
  if (
    !(body instanceof Uint8Array) ||
    typeof type !== 'string' ||
    !/^application\/x-www-form-urlencoded\b/i.test(type)
  ) {
    throw new OAuthError('invalid_request', formCause)
  }
  const form = new URLSearchParams(Buffer.from(body).toString('utf8'))
  const names = [...form.keys()]
  if (new Set(names).size < names.length) throw new OAuthError('invalid_request', formCause)
  const grantType = form.get('grant_type')
  if (grantType === null) throw new OAuthError('invalid_request', formCause)
  if (grantType !== 'client_credentials') throw new OAuthError('unsupported_grant_type')
  const assertion = form.get('client_assertion')
  if (form.get('client_assertion_type') !== assertionType || assertion === null) throw new OAuthError('invalid_client')
  return { assertion, clientId: form.get('client_id') ?? undefined }
}

/** Says nothing of any client: it is about the form alone. */
const formCause = {
  code: 'body-invalid',
  text: {
    es: 'El cuerpo debe ser un formulario con grant_type, client_assertion_type y client_assertion, una vez cada uno',
    en: 'The body must be a form with grant_type, client_assertion_type and client_assertion, once each',
  },
} as const

/** A suspended system or institution gets no token; the same policy says so that refuses tokens given earlier. */
function requireActive({ control }: Surroundings, clientId: string, at: Date): void {
  const [institution = '', system = ''] = clientId.split('.')
  const actor: Actor = { institution, system }
  const { allowed, reasons } = authorize(control.policy, { action: 'speak', actor, on: { kind: 'bus' } }, at)
  if (!allowed) throw new OAuthError('unauthorized_client', reasons[0])
}

/** Binds the `jti` across all instances. What was used before the memory began is not known, so assertions of then are refused. */
async function useOnce({ engine, log }: Surroundings, { clientId, jti, iat }: Assertion): Promise<void> {
  const name = createHash('sha256').update(jti).digest('base64url')
  const used = Buffer.from('1')
  const claimed = engine.volatile.claim(`jti/${clientId}/${name}`, used, { ttlMs: seenMs, kept: true })
  const { held, memory } = await claimed.catch((error: unknown) => {
    // Whether it was used before can't be known now: stricter, never wrong.
    log.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'the memory of used assertions is away')
    throw away
  })
  if (held !== null) throw new OAuthError('invalid_client', assertionCauses.replayed)
  if (iat < Math.floor(memory.since.getTime() / 1000)) throw new OAuthError('invalid_client', assertionCauses.forgotten)
}
