import type { Surroundings } from '@unavez/service-kit'

import { algorithms } from './public-keys.ts'

const publicly = { open: true, why: 'discovery' } as const

/** RFC 8414 and RFC 7517: where tokens come from, and what verifies them. */
export function metadataRoutes({ http, control, settings }: Surroundings): void {
  const { publicUrl } = settings
  http.route({
    method: 'GET',
    url: '/.well-known/oauth-authorization-server',
    owner: 'identity',
    summary: 'Authorization server metadata (RFC 8414)',
    access: publicly,
    handle: () => ({
      body: {
        issuer: publicUrl,
        token_endpoint: `${publicUrl}/oauth/token`,
        jwks_uri: `${publicUrl}/.well-known/jwks.json`,
        grant_types_supported: ['client_credentials'],
        response_types_supported: [],
        token_endpoint_auth_methods_supported: ['private_key_jwt'],
        token_endpoint_auth_signing_alg_values_supported: algorithms,
        service_documentation: `${publicUrl}/docs`,
      },
    }),
  })
  http.route({
    method: 'GET',
    url: '/.well-known/jwks.json',
    owner: 'identity',
    summary: 'Public keys of access tokens (RFC 7517)',
    access: publicly,
    handle: () => ({
      headers: { 'content-type': 'application/jwk-set+json' },
      body: { keys: control.policy.signingKeys().map((key) => ({ ...key, use: 'sig' })) },
    }),
  })
}
