import type { Registers } from '@unavez/engine'
import type { EndpointWish, PushKey, SubscriptionState } from '@unavez/policy'
import { type EndpointAuth, makeWebhookKeyPair, makeWebhookSecret } from '@unavez/protocol'
import { open, seal } from '@unavez/service-kit'

/**
 * What pushes are signed with and how endpoints are signed in at: sealed registers, each under a name of its own that the fact
 * carries, so that two who change one subscription at once can't overwrite what the other's fact names.
 */
export interface PushSecrets {
  /** Makes a key before the fact that names it; again under the same name: the same key. `text`: what its owner is told. */
  makeKey(subscription: string, use: PushKey['use'], sealed: string): Promise<{ key: PushKey; text: string }>
  sealAuth(subscription: string, auth: EndpointAuth, sealed: string): Promise<Pick<EndpointWish, 'auth' | 'sealed'>>
  /** With all of these a webhook is signed now: `whsk_…`, `whsec_…`. */
  signingTexts(subscription: Pick<SubscriptionState, 'id' | 'keys'>, now: Date): Promise<readonly string[]>
  /** Undefined once the endpoint was replaced: whoever asked acts on a state that has passed. */
  endpointAuth(id: string, endpoint: Pick<EndpointWish, 'auth' | 'sealed'>): Promise<EndpointAuth | undefined>
  /** Destroys what no state names any more. */
  forget(
    subscription: string,
    names: { readonly keys: readonly string[]; readonly auths: readonly string[] },
  ): Promise<void>
}

const keyRegister = (subscription: string, sealed: string): string => `push-key/${subscription}/${sealed}`
const authRegister = (subscription: string, sealed: string): string => `endpoint-auth/${subscription}/${sealed}`

export function openPushSecrets(registers: Registers, sealing: Buffer): PushSecrets {
  async function read(name: string): Promise<string | undefined> {
    const value = await registers.get(name)
    return value && open(sealing, name, value).toString()
  }
  /** What stands there afterwards: who repeats a command finds what it wrote first. */
  async function writeOnce(name: string, text: string): Promise<string> {
    await registers.compareAndPut(name, undefined, seal(sealing, name, Buffer.from(text)))
    const written = await read(name)
    if (written === undefined) throw new Error('a register that was just written is not there')
    return written
  }
  return {
    async makeKey(subscription, use, sealed) {
      const made = use === 'signing' ? makeWebhookKeyPair().privateKey : makeWebhookSecret()
      const text = await writeOnce(keyRegister(subscription, sealed), made)
      if (use === 'secret') return { key: { use, sealed }, text }
      return { key: { use, sealed, public: publicOf(text) }, text: publicOf(text) }
    },
    async sealAuth(subscription, auth, sealed) {
      if (auth.kind === 'none') return { auth: 'none' }
      await writeOnce(authRegister(subscription, sealed), JSON.stringify(auth))
      return { auth: auth.kind, sealed }
    },
    async signingTexts({ id, keys }, now) {
      const signing = keys.filter(({ until }) => until === undefined || now.getTime() < Date.parse(until))
      const texts = await Promise.all(signing.map(({ sealed }) => read(keyRegister(id, sealed))))
      return texts.filter((text) => text !== undefined)
    },
    async endpointAuth(id, { auth, sealed }) {
      if (auth === 'none' || sealed === undefined) return { kind: 'none' }
      const text = await read(authRegister(id, sealed))
      return text === undefined ? undefined : (JSON.parse(text) as EndpointAuth)
    },
    async forget(subscription, { keys, auths }) {
      const names = [
        ...keys.map((sealed) => keyRegister(subscription, sealed)),
        ...auths.map((sealed) => authRegister(subscription, sealed)),
      ]
      await Promise.all(names.map((name) => registers.destroy(name)))
    },
  }
}

/** `whsk_` holds seed and public key, 32 bytes each; `whpk_` the second. */
const publicOf = (privateText: string): string =>
  `whpk_${Buffer.from(privateText.slice('whsk_'.length), 'base64').subarray(32).toString('base64')}`
