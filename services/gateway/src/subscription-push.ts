import { openPushSecrets, type PushSecrets } from '@unavez/exchange'
import type { Fact, PushKey, SubscriptionState } from '@unavez/policy'
import { Problem, type Text } from '@unavez/protocol'
import {
  type Call,
  checkEndpoint,
  type EndpointBody,
  identifierOf,
  openAddressGuard,
  type Surroundings,
} from '@unavez/service-kit'

import { endpointAfter, type EndpointChange, sealEndpoint } from './subscription-endpoint.ts'
import type { CreateSubscription } from './subscription.ts'

type Caller = Pick<Call, 'actor' | 'headers'>

/** What a push has beside its facts: where it goes, looked at, and what is sealed before the fact that names it. */
export class PushSide {
  readonly #surroundings: Surroundings
  readonly #guard: ReturnType<typeof openAddressGuard>
  readonly #secrets: PushSecrets

  constructor(surroundings: Surroundings) {
    const { engine, keys, settings } = surroundings
    this.#surroundings = surroundings
    this.#guard = openAddressGuard(settings.privateEndpoints ?? [])
    this.#secrets = openPushSecrets(engine.registers, keys.of('registers'))
  }

  /** Endpoint and keys of a new subscription; without one it takes that of the system that speaks. Nothing is made for a command that was accepted before. */
  async begin(
    id: string,
    wanted: EndpointBody | undefined,
    caller: Caller,
  ): Promise<Pick<CreateSubscription, 'endpoint' | 'keys'>> {
    if (this.#surroundings.control.policy.subscription(id) !== undefined) return {}
    const asked = wanted ?? (await this.#default(caller))
    if (asked === undefined) throw new Problem('body-invalid', { pointer: '/endpoint', detail: missing })
    const endpoint = endpointAfter(await this.change(id, asked, caller))
    if (endpoint === undefined) throw new Problem('body-invalid', { pointer: '/endpoint/url', detail: missing })
    const [signing, secret] = [await this.makeKey(id, 'signing', caller), await this.makeKey(id, 'secret', caller)]
    return { endpoint, keys: [signing, secret] }
  }

  /** As it is now: what becomes of the system's endpoint later changes no subscription. */
  async #default({ actor }: Caller): Promise<EndpointBody | undefined> {
    const client = `${actor.institution}.${actor.system}`
    const { policy } = this.#surroundings.control
    const endpoint = actor.person === undefined ? policy.system(client)?.endpoint : undefined
    if (endpoint === undefined) return undefined
    const auth = await this.#secrets.endpointAuth(client, endpoint)
    // Replaced between the two reads.
    if (auth === undefined) throw new Problem('unavailable', { retryAfter: 1 })
    return { url: endpoint.url, auth }
  }

  async change(id: string, asked: EndpointBody, caller: Caller): Promise<EndpointChange> {
    const sealing = { secrets: this.#secrets, subscription: id, sealed: identifierOf('auth', caller) }
    return sealEndpoint(checkEndpoint(asked, this.#guard), sealing, caller.actor)
  }

  async makeKey(id: string, use: PushKey['use'], caller: Caller): Promise<PushKey> {
    return (await this.#secrets.makeKey(id, use, identifierOf(use, caller))).key
  }

  /** The secret that these facts made, for the answer that tells it. */
  async told(id: string, facts: readonly Fact[], now: Date): Promise<{ readonly secret?: string }> {
    const made = facts.flatMap((fact) => {
      if (fact.type === 'subscription-created') return fact.keys ?? []
      return fact.type === 'subscription-secret-rotated' ? [fact.key] : []
    })
    const [secret] = await this.#secrets.signingTexts({ id, keys: made.filter(({ use }) => use === 'secret') }, now)
    return secret === undefined ? {} : { secret }
  }

  /** Destroys what the state named before and names no more. What remains after a failure is sealed and named by nothing. */
  async forget(before: SubscriptionState, after: SubscriptionState | undefined): Promise<void> {
    const standing = after === undefined || after.state === 'ended' ? undefined : after
    const kept = new Set(standing?.keys.map(({ sealed }) => sealed))
    const keys = before.keys.map(({ sealed }) => sealed).filter((sealed) => !kept.has(sealed))
    const auth = before.endpoint?.sealed
    const auths = auth === undefined || auth === standing?.endpoint?.sealed ? [] : [auth]
    await this.#secrets.forget(before.id, { keys, auths }).catch((error: unknown) => {
      this.#surroundings.log.warn(
        { error, subscription: before.id },
        'what a subscription signs with no more was not destroyed',
      )
    })
  }
}

const missing: Text = { es: 'Falta un campo obligatorio', en: 'A required field is missing' }
