/** A call that got no answer. `code` is a name of ours: it holds nothing that the other side chose. */
export class CallFailure extends Error {
  readonly code: string

  constructor(code: string, cause?: unknown) {
    super(code, { cause })
    this.code = code
  }
}

const ofConnections: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection-refused',
  ECONNRESET: 'connection-reset',
  EPIPE: 'connection-reset',
  ETIMEDOUT: 'connect-timeout',
  EHOSTUNREACH: 'network-unreachable',
  ENETUNREACH: 'network-unreachable',
}

const ofCertificates: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'tls-certificate-expired',
  CERT_NOT_YET_VALID: 'tls-certificate-not-yet-valid',
  ERR_TLS_CERT_ALTNAME_INVALID: 'tls-name-mismatch',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls-certificate-untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls-certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'tls-certificate-untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls-certificate-untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls-certificate-untrusted',
}

/** How far a call has come. */
export type Phase = 'connecting' | 'securing' | 'speaking'

/** What Node says went wrong, in our words. */
export function failureOf(error: unknown, phase: Phase): CallFailure {
  if (error instanceof CallFailure) return error
  const code = systemCodeOf(error)
  const known = ofCertificates[code] ?? (phase === 'securing' ? 'tls-failed' : ofConnections[code])
  if (known !== undefined) return new CallFailure(known, error)
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') return new CallFailure('tls-failed', error)
  if (code.startsWith('HPE_')) return new CallFailure('answer-invalid', error)
  return new CallFailure(phase === 'speaking' ? 'connection-reset' : 'connection-failed', error)
}

/** Node's name for what went wrong: `ECONNRESET`; empty if it gives none. */
export function systemCodeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('code' in error)) return ''
  return typeof error.code === 'string' ? error.code : ''
}
