import type { Language, Text } from '@unavez/protocol'
import type { Reply } from '@unavez/service-kit'

export type OAuthErrorCode =
  'invalid_request' | 'invalid_client' | 'unsupported_grant_type' | 'unauthorized_client' | 'temporarily_unavailable'

export interface Cause {
  readonly code: string
  readonly text: Text
  readonly remedy?: Text
}

/** RFC 6749 §5.2 plus `code` and `remedy`; the cause is told only to who has proven to hold the key. */
export class OAuthError extends Error {
  readonly error: OAuthErrorCode
  readonly told: Cause | undefined

  constructor(error: OAuthErrorCode, told?: Cause) {
    super(error)
    this.name = 'OAuthError'
    this.error = error
    this.told = told
  }

  reply(language: Language): Reply {
    const { error, told } = this
    return {
      status: error === 'invalid_client' ? 401 : error === 'temporarily_unavailable' ? 503 : 400,
      headers: { pragma: 'no-cache', ...(error === 'temporarily_unavailable' ? { 'retry-after': '1' } : {}) },
      body: {
        error,
        ...(told === undefined ? {} : { error_description: told.text[language], code: told.code }),
        ...(told?.remedy === undefined ? {} : { remedy: told.remedy[language] }),
      },
    }
  }
}

/** What may be wrong with an assertion whose signature is proven. */
export const assertionCauses = {
  incomplete: {
    code: 'assertion-incomplete',
    text: {
      es: 'Falta iss, sub, aud, jti, iat o exp, o no tiene su tipo',
      en: 'iss, sub, aud, jti, iat or exp is missing or of a wrong type',
    },
    remedy: {
      es: 'Incluya las seis afirmaciones; iss y sub son el clientId',
      en: 'Put in all six claims; iss and sub are the clientId',
    },
  },
  audience: {
    code: 'assertion-audience',
    text: { es: 'La afirmación es para otro destinatario', en: 'The assertion is for another audience' },
    remedy: {
      es: 'Ponga como aud el issuer de /.well-known/oauth-authorization-server, o su token_endpoint',
      en: 'Put the issuer of /.well-known/oauth-authorization-server, or its token_endpoint, as aud',
    },
  },
  expired: {
    code: 'assertion-expired',
    text: { es: 'La afirmación venció', en: 'The assertion has expired' },
    remedy: { es: 'Firme una nueva; revise el reloj', en: 'Sign a new one; check the clock' },
  },
  lifetime: {
    code: 'assertion-lifetime',
    text: { es: 'La afirmación vence en más de 5 minutos', en: 'The assertion expires in more than 5 minutes' },
    remedy: { es: 'Ponga exp a lo sumo 300 segundos después de ahora', en: 'Put exp at most 300 seconds from now' },
  },
  early: {
    code: 'assertion-early',
    text: { es: 'iat o nbf está en el futuro', en: 'iat or nbf lies in the future' },
    remedy: { es: 'Sincronice el reloj', en: 'Synchronise the clock' },
  },
  replayed: {
    code: 'assertion-replayed',
    text: { es: 'Ese jti ya se usó', en: 'That jti was used before' },
    remedy: { es: 'Firme una afirmación nueva por petición', en: 'Sign a new assertion for each request' },
  },
  forgotten: {
    code: 'assertion-forgotten',
    text: {
      es: 'La afirmación es anterior al último reinicio de la memoria de usos',
      en: 'The assertion is older than the memory of what was used',
    },
    remedy: { es: 'Firme una afirmación nueva', en: 'Sign a new assertion' },
  },
} as const satisfies Record<string, Cause>
