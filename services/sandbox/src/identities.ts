import { generateKeyPairSync } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { JWK } from 'jose'

/** Private keys by client id, kept where a real institution would keep its own: with itself. */
export type Identities = ReadonlyMap<string, JWK>

/** Reads the keys of the sandbox's systems, making those that are missing. The file is the owner's alone. */
export function identitiesIn(directory: string, clientIds: readonly string[]): Identities {
  const path = join(directory, 'sandbox', 'keys.json')
  mkdirSync(join(directory, 'sandbox'), { recursive: true, mode: 0o700 })
  const kept = new Map(Object.entries(read(path)))
  for (const clientId of clientIds) if (!kept.has(clientId)) kept.set(clientId, newKey())
  writeFileSync(`${path}.new`, JSON.stringify(Object.fromEntries(kept)), { mode: 0o600 })
  renameSync(`${path}.new`, path)
  return kept
}

/** Only the public half: what is registered. */
export const publicHalf = (jwk: JWK): JWK =>
  Object.fromEntries(Object.entries(jwk).filter(([member]) => member !== 'd')) as JWK

function read(path: string): Record<string, JWK> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, JWK>
  } catch {
    return {}
  }
}

function newKey(): JWK {
  return {
    ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }),
    alg: 'EdDSA',
    kid: 'sandbox-1',
  } as JWK
}
