import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import type { PublicKey } from '@unavez/policy'

import { type Config, ConfigError } from './config.ts'

/** A private key in JWK form, as it is kept in a file that only the owner may read. */
export type PrivateKey = PublicKey & { readonly d: string }

export function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 })
  } catch (error) {
    throw new ConfigError(`DATA_DIR: ${directory} can't be made (${reason(error)}).`)
  }
}

/** `MASTER_KEY`, or the one kept in `DATA_DIR/master.key`, made there once. */
export function masterKey(config: Config): Buffer {
  if (config.MASTER_KEY !== '') return Buffer.from(config.MASTER_KEY, 'base64')
  const key = Buffer.from(
    keptOnce(join(config.DATA_DIR, 'master.key'), () => randomBytes(32).toString('base64')),
    'base64',
  )
  if (key.length !== 32)
    throw new ConfigError(`DATA_DIR: ${join(config.DATA_DIR, 'master.key')} does not hold 32 bytes in base64.`)
  return key
}

/** The operator's keys: public ones as given, or a pair of our own that the sandbox may use. */
export function operatorKeys(config: Config): {
  readonly publicKeys: readonly PublicKey[]
  readonly privateKey?: PrivateKey
} {
  if (config.OPERATOR_JWKS !== '') return { publicKeys: parseJwks(config.OPERATOR_JWKS) }
  const privateKey = JSON.parse(keptOnce(join(config.DATA_DIR, 'operator.jwk'), newKey)) as PrivateKey
  const publicKey = Object.fromEntries(Object.entries(privateKey).filter(([member]) => member !== 'd'))
  return { publicKeys: [publicKey as unknown as PublicKey], privateKey }
}

function parseJwks(given: string): readonly PublicKey[] {
  try {
    const text = given.trimStart().startsWith('{') ? given : readFileSync(given, 'utf8')
    const { keys } = JSON.parse(text) as { keys: readonly PublicKey[] }
    if (!Array.isArray(keys) || keys.length === 0) throw new Error('it has no keys')
    if (keys.some((key) => 'd' in key)) throw new Error('it holds a private key; give only public ones')
    return keys.map((key, i) => ({ ...key, kid: key.kid ?? `operator-${i + 1}` }))
  } catch (error) {
    throw new ConfigError(`OPERATOR_JWKS: neither a JWKS nor the path of one (${reason(error)}).`)
  }
}

function newKey(): string {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })
  return JSON.stringify({ ...jwk, alg: 'EdDSA', kid: 'operator-1' })
}

/** The first to come links a whole file into place; whoever comes at the same moment reads what the first one wrote. */
function keptOnce(path: string, make: () => string): string {
  const draft = `${path}.${process.pid}`
  try {
    if (!existsSync(path)) {
      writeFileSync(draft, make(), { mode: 0o600 })
      linkSync(draft, path)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new ConfigError(`DATA_DIR: ${path} can't be written (${reason(error)}).`)
  } finally {
    rmSync(draft, { force: true })
  }
  return readFileSync(path, 'utf8').trim()
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error))
