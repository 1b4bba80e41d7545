import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

import { type PublicKey, theBus } from '@unavez/policy'
import { open, seal, type Surroundings } from '@unavez/service-kit'

import { thumbprint } from './public-keys.ts'

/** What this process signs access tokens with. */
export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
}

const aggregate = 'signing-keys'
const by = theBus('identity')
const registerOf = (kid: string): string => `signing-key/${kid}`
const attemptsUntilAnother = 20
const pauseMs = 250

type Needs = Pick<Surroundings, 'engine' | 'control' | 'keys' | 'log' | 'closing'>

/**
 * The bus's signing key: the oldest whose private half can be opened here. Made once for all instances: the private half is
 * sealed into a register first, then its public half becomes a fact if there is none yet; who comes second uses the winner's.
 * A fact whose register never appears (it was lost with its disk) is followed by another key. Tries until the host stops.
 */
export async function signingKey(needs: Needs): Promise<SigningKey | undefined> {
  for (let attempt = 1; !needs.closing.aborted; attempt++) {
    try {
      const found = (await existing(needs)) ?? (await made(needs, attempt > attemptsUntilAnother))
      if (found !== undefined) return found
    } catch (error) {
      if (needs.closing.aborted) return undefined
      needs.log.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'no signing key yet; trying again')
    }
    await sleep(pauseMs, undefined, { signal: needs.closing }).catch(() => undefined)
  }
  return undefined
}

async function existing({ engine, control, keys }: Needs): Promise<SigningKey | undefined> {
  await control.fresh()
  for (const { kid } of control.policy.signingKeys()) {
    const sealed = await engine.registers.get(registerOf(kid))
    if (sealed === undefined) continue
    const bytes = open(keys.of('registers'), registerOf(kid), sealed)
    return { kid, privateKey: createPrivateKey({ key: bytes, format: 'der', type: 'pkcs8' }) }
  }
  return undefined
}

async function made({ engine, control, keys }: Needs, another: boolean): Promise<SigningKey | undefined> {
  const known = control.policy.signingKeys().length
  if (known > 0 && !another) return undefined
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { crv = '', x = '' } = publicKey.export({ format: 'jwk' })
  const kid = thumbprint({ crv, kty: 'OKP', x })
  const key: PublicKey = { kid, kty: 'OKP', alg: 'EdDSA', crv, x }
  const bytes = privateKey.export({ format: 'der', type: 'pkcs8' })
  await engine.registers.put(registerOf(kid), seal(keys.of('registers'), registerOf(kid), bytes))
  const { facts } = await control.submit({
    command: `${by.institution}.${by.system}/signing-key-${kid}`,
    hash: kid,
    by,
    decide: (policy) => ({
      facts: policy.signingKeys().length === known ? [{ type: 'signing-key-added', aggregate, key }] : [],
      reads: [aggregate],
    }),
  })
  if (facts.length > 0) return { kid, privateKey }
  await engine.registers.destroy(registerOf(kid))
  return undefined
}
