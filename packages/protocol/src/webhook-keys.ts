import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto'

/**
 * Keys of Standard Webhooks: a prefix and the raw bytes in base64. `whsk_`: Ed25519 seed and public key, 64 bytes.
 * `whpk_`: the public key, 32 bytes. `whsec_`: a shared secret, 24 to 64 bytes.
 */
const prefixes = { private: 'whsk_', public: 'whpk_', secret: 'whsec_' } as const
const publicBytes = 32
const secretBytes = { least: 24, made: 32, most: 64 } as const

/** Signs or verifies one content with one key. Only the bus has keys that sign with `v1a`. */
export interface WebhookKey {
  readonly version: 'v1' | 'v1a'
  readonly sign?: (content: Buffer) => Buffer
  /** Takes as long for a wrong signature as for a right one. */
  readonly verifies: (content: Buffer, signature: Buffer) => boolean
}

/** What a receiver verifies with (public), and what the bus signs with and keeps sealed (private). */
export function makeWebhookKeyPair(): { readonly privateKey: string; readonly publicKey: string } {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  const [seed, point] = [Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]
  return {
    privateKey: prefixes.private + Buffer.concat([seed, point]).toString('base64'),
    publicKey: prefixes.public + point.toString('base64'),
  }
}

export const makeWebhookSecret = (): string => prefixes.secret + randomBytes(secretBytes.made).toString('base64')

/** Throws on text that is no such key, without repeating it. */
export function readWebhookKey(text: string): WebhookKey {
  const prefix = Object.values(prefixes).find((known) => text.startsWith(known))
  const bytes = bytesOf(text.slice(prefix?.length))
  if (prefix === prefixes.secret && bytes.length >= secretBytes.least && bytes.length <= secretBytes.most)
    return shared(bytes)
  if (prefix === prefixes.public && bytes.length === publicBytes) return { version: 'v1a', verifies: verifier(bytes) }
  if (prefix === prefixes.private && bytes.length === 2 * publicBytes)
    return asymmetric(bytes.subarray(0, publicBytes), bytes.subarray(publicBytes))
  throw new TypeError('This is no key of Standard Webhooks: whpk_, whsk_ or whsec_ and base64 of its bytes')
}

/** Node reads base64 up to what it does not understand; half a key is none. */
function bytesOf(base64: string): Buffer {
  const bytes = Buffer.from(base64, 'base64')
  return bytes.toString('base64') === base64 ? bytes : Buffer.alloc(0)
}

function shared(secret: Buffer): WebhookKey {
  const mac = (content: Buffer): Buffer => createHmac('sha256', secret).update(content).digest()
  return {
    version: 'v1',
    sign: mac,
    verifies: (content, signature) => {
      const right = mac(content)
      return signature.length === right.length && timingSafeEqual(signature, right)
    },
  }
}

function asymmetric(seed: Buffer, point: Buffer): WebhookKey {
  const jwk = { kty: 'OKP', crv: 'Ed25519', d: seed.toString('base64url'), x: point.toString('base64url') }
  const key = createPrivateKey({ key: jwk, format: 'jwk' })
  return { version: 'v1a', sign: (content) => sign(null, content, key), verifies: verifier(point) }
}

function verifier(point: Buffer): WebhookKey['verifies'] {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') }, format: 'jwk' })
  return (content, signature) => verify(null, content, key, signature)
}
