import { canonicalIdentifier, MacKey, rootPseudonym } from '@unavez/contracts'
import { keyStands, type PublicKey } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import type { Call, Surroundings } from '@unavez/service-kit'
import { createLocalJWKSet, type JWTPayload, jwtVerify } from 'jose'

const assertionHeader = 'unavez-citizen-assertion'

const assertionLimits = { seconds: 300, skewSeconds: 30, characters: 8192 } as const

/**
 * Whom a portal has before it, by its own signature: a JWT (EdDSA, ES256, RS256) under a key of the portal's system, with `aud` = this
 * bus, `sub` = `<scheme>:<identifier>`, `request` = the request that it is about, and an `exp` at most five minutes ahead.
 */
export class Citizens {
  readonly #surroundings: Surroundings
  readonly #rootKey: MacKey

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
    this.#rootKey = new MacKey(surroundings.keys.of('root-pseudonym'))
  }

  /** The root pseudonym of the citizen. Refuses 'assertion-invalid', and never says more: the header holds an identifier. */
  async rootOf(call: Call, request: string): Promise<string> {
    const header = call.headers[assertionHeader]
    if (typeof header !== 'string' || header.length > assertionLimits.characters) throw new Problem('assertion-invalid')
    const { sub, iat, exp, ...claims } = await this.#verified(call, header)
    const lives = exp !== undefined && iat !== undefined && exp - iat <= assertionLimits.seconds
    if (!lives || claims['request'] !== request) throw new Problem('assertion-invalid')
    const colon = sub?.indexOf(':') ?? -1
    const subject =
      colon < 1 || sub === undefined ? undefined : canonicalIdentifier(sub.slice(0, colon), sub.slice(colon + 1))
    if (subject === undefined) throw new Problem('assertion-invalid')
    return rootPseudonym(this.#rootKey, subject)
  }

  async #verified({ actor, now }: Call, assertion: string): Promise<JWTPayload> {
    const { control, settings } = this.#surroundings
    const system = control.policy.system(`${actor.institution}.${actor.system}`)
    const keys: readonly PublicKey[] = system?.keys.filter((key) => keyStands(key, now)) ?? []
    const jwks = createLocalJWKSet({ keys: keys.map((key) => ({ ...key })) })
    try {
      const { payload } = await jwtVerify(assertion, jwks, {
        audience: settings.publicUrl,
        algorithms: ['EdDSA', 'ES256', 'RS256'],
        requiredClaims: ['sub', 'exp', 'iat', 'request'],
        clockTolerance: assertionLimits.skewSeconds,
        currentDate: now,
      })
      return payload
    } catch {
      throw new Problem('assertion-invalid')
    }
  }
}
