import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto'

import { canonicalJson } from '@unavez/contracts'
import type { AgreementState, Fact, SystemState } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

import { agreementAggregate } from './agreement.ts'
import { bodyFault, stateConflict } from './faults.ts'
import { versionsOf } from './views.ts'

/** What both sides sign: who, what, and under which terms. Its canonical JSON is the payload of their signatures. */
export interface AgreementDocument {
  readonly format: 'unavez-agreement/1'
  readonly agreement: string
  readonly version: number
  readonly [member: string]: unknown
}

/** Undefined for a version that there is not. */
export function documentOf(state: AgreementState, version: number): AgreementDocument | undefined {
  const found = versionsOf(state).find((each) => each.version === version)
  if (found === undefined) return undefined
  const { id: agreement, consumer, owner, contract } = state
  const { contractVersion, terms } = found
  return { format: 'unavez-agreement/1', agreement, version, consumer, owner, contract, contractVersion, ...terms }
}

export const digestOf = (document: AgreementDocument): string => `sha256:${hash('sha256', canonicalJson(document))}`

export interface Signing {
  readonly version?: number
  readonly jws: string
  /** The system that speaks, and its state. */
  readonly signer: { readonly clientId: string; readonly system: SystemState | undefined }
}

/**
 * Keeps a detached JWS (RFC 7515, appendix F: `<header>..<signature>`) over a version's document, proven with a key of the system
 * that speaks; another of the same institution takes its place. Refuses 'signature-invalid', and 'state-conflict' for what nobody
 * is bound by any more.
 */
export function signDocument(
  state: AgreementState | undefined,
  { version: wished, jws, signer }: Signing,
  at: Date,
): readonly Fact[] {
  if (state === undefined) throw new Problem('not-found')
  if (state.state === 'draft' || state.state === 'rejected')
    throw stateConflict('No hay nada que firmar', 'There is nothing to sign')
  const version = wished ?? state.version
  const document = documentOf(state, version)
  if (document === undefined) throw bodyFault('/version', 'No existe esa versión', 'There is no such version')
  const { institution, id: system, keys = [] } = signer.system ?? {}
  if (institution === undefined || system === undefined) throw new Problem('signature-invalid', { pointer: '/jws' })
  const standing = keys.filter(
    ({ revoked, notAfter }) => revoked !== true && !(Date.parse(notAfter ?? '') <= at.getTime()),
  )
  const kid = proven(jws, document, standing)
  if (state.signatures.some((each) => each.version === version && each.jws === jws)) return []
  return [
    {
      type: 'agreement-signed',
      aggregate: agreementAggregate(state.id),
      version,
      institution,
      system: signer.clientId,
      kid,
      jws,
    },
  ]
}

const compact = /^([A-Za-z0-9_-]+)\.\.([A-Za-z0-9_-]+)$/

/** The `kid` whose key made the signature. The algorithm is the key's; a header that names another proves nothing. */
function proven(jws: string, document: AgreementDocument, keys: SystemState['keys']): string {
  const [, header = '', signature = ''] = compact.exec(jws) ?? []
  const { alg, kid, crit } = readHeader(header)
  const key = keys.find((each) => each.kid === kid)
  const algorithm = key && algorithmOf(key.kty, key.crv)
  if (key === undefined || algorithm === undefined || alg !== algorithm.name || crit !== undefined) throw unproven()
  const payload = Buffer.from(canonicalJson(document)).toString('base64url')
  const signed = Buffer.from(`${header}.${payload}`)
  const publicKey = { key: keyObject(key), dsaEncoding: 'ieee-p1363' } as const
  if (!verify(algorithm.digest, signed, publicKey, Buffer.from(signature, 'base64url'))) throw unproven()
  return key.kid
}

const unproven = (): Problem => new Problem('signature-invalid', { pointer: '/jws' })

function readHeader(header: string): { readonly alg?: unknown; readonly kid?: unknown; readonly crit?: unknown } {
  try {
    const value: unknown = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

function algorithmOf(kty: string, crv: string | undefined): { name: string; digest: string | null } | undefined {
  if (kty === 'OKP' && crv === 'Ed25519') return { name: 'EdDSA', digest: null }
  if (kty === 'EC' && crv === 'P-256') return { name: 'ES256', digest: 'sha256' }
  if (kty === 'RSA') return { name: 'RS256', digest: 'sha256' }
  return undefined
}

const keyObject = ({ kty, crv = '', x = '', y = '', n = '', e = '' }: SystemState['keys'][number]): KeyObject =>
  createPublicKey({
    key: kty === 'RSA' ? { kty, n, e } : kty === 'EC' ? { kty, crv, x, y } : { kty, crv, x },
    format: 'jwk',
  })
