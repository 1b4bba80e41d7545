import { createHash, createPublicKey } from 'node:crypto'

import { refuseIdentifier } from '@unavez/contracts'
import type { PublicKey } from '@unavez/policy'
import { Problem, type Text } from '@unavez/protocol'

/** What a system may sign its assertions with. */
export const algorithms = ['EdDSA', 'ES256', 'RS256'] as const
export type Algorithm = (typeof algorithms)[number]

const rsaBitsMin = 2048
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** The one algorithm that a key is for; undefined if it is none of ours, or named for another. */
export function algorithmOf({ kty, crv, alg }: PublicKey): Algorithm | undefined {
  const found =
    kty === 'OKP' && crv === 'Ed25519'
      ? 'EdDSA'
      : kty === 'EC' && crv === 'P-256'
        ? 'ES256'
        : kty === 'RSA'
          ? 'RS256'
          : undefined
  return alg === undefined || alg === found || (alg === 'Ed25519' && found === 'EdDSA') ? found : undefined
}

/**
 * RFC 7517 keys to what is recorded of them: public members only. Throws 'body-invalid' with the pointer of the key at fault;
 * a private key is refused loudly, for it is no longer a secret.
 */
export function readPublicKeys(keys: readonly Readonly<Record<string, unknown>>[]): readonly PublicKey[] {
  const read = keys.map((key, at) => readPublicKey(key, `/jwks/keys/${at}`))
  for (const [at, { kid }] of read.entries()) {
    if (read.findIndex((other) => other.kid === kid) !== at) {
      throw refused(`/jwks/keys/${at}/kid`, { es: 'El kid se repite', en: 'The kid is there twice' })
    }
  }
  return read
}

export function readPublicKey(key: Readonly<Record<string, unknown>>, pointer: string): PublicKey {
  const secret = privateMembers.find((member) => key[member] !== undefined)
  if (secret !== undefined) {
    throw refused(`${pointer}/${secret}`, {
      es: 'Es una clave privada: no la use más, genere otra y envíe solo su parte pública',
      en: 'It is a private key: use it no more, make another one and send its public part only',
    })
  }
  const members = publicMembers(key)
  if (members === undefined) throw refused(pointer, unusable)
  const { kty, use } = key
  const named = { kid: typeof key['kid'] === 'string' ? key['kid'] : thumbprint(members), ...members }
  if (!/^[\x21-\x7e]{1,128}$/.test(named.kid)) {
    throw refused(`${pointer}/kid`, {
      es: 'De 1 a 128 caracteres ASCII visibles',
      en: '1 to 128 visible ASCII characters',
    })
  }
  refuseIdentifier(named.kid, `${pointer}/kid`)
  const alg = typeof key['alg'] === 'string' ? { alg: key['alg'] } : {}
  const complete = { ...named, ...alg }
  if (algorithmOf(complete) === undefined || (use !== undefined && use !== 'sig')) throw refused(pointer, unusable)
  if (kty === 'RSA' && bitsOf(members) < rsaBitsMin) {
    throw refused(`${pointer}/n`, { es: 'RSA de al menos 2048 bits', en: 'RSA of at least 2048 bits' })
  }
  return complete
}

const unusable: Text = {
  es: 'No es una clave pública Ed25519, P-256 o RSA para firmar (EdDSA, ES256, RS256)',
  en: 'It is no public Ed25519, P-256 or RSA key for signing (EdDSA, ES256, RS256)',
}

type Members = Omit<PublicKey, 'kid' | 'alg'>

/** The members that RFC 7638 hashes, as OpenSSL reads them: a point that is not on its curve is no key. */
function publicMembers(key: Readonly<Record<string, unknown>>): Members | undefined {
  try {
    const { kty = '', crv, x, y, n, e } = createPublicKey({ key, format: 'jwk' }).export({ format: 'jwk' })
    const all = { kty, crv, x, y, n, e }
    return { ...Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)), kty }
  } catch {
    return undefined
  }
}

const bitsOf = (members: Members): number =>
  createPublicKey({ key: { ...members }, format: 'jwk' }).asymmetricKeyDetails?.modulusLength ?? 0

/** RFC 7638, SHA-256. */
export function thumbprint(members: Members): string {
  const sorted = Object.fromEntries(Object.entries(members).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  return createHash('sha256').update(JSON.stringify(sorted)).digest('base64url')
}

/** The same for two keys of one material, whatever they are called. */
export function materialOf({ kty, crv, x, y, n, e }: PublicKey): string {
  const members = Object.entries({ crv, x, y, n, e }).filter(([, value]) => value !== undefined)
  return thumbprint({ kty, ...Object.fromEntries(members) })
}

const refused = (pointer: string, detail: Text): Problem => new Problem('body-invalid', { pointer, detail })
