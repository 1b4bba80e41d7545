import type { Registers } from '@unavez/engine'
import { type EndpointAuth, openWebhookSigner, type SignWebhook } from '@unavez/protocol'
import { type Keys, open } from '@unavez/service-kit'

import type { Recipient } from './attempt.ts'
import { CallFailure } from './call-failure.ts'
import { endpointLimits } from './limits.ts'
import { Recent } from './recent.ts'

/** What the bus signs with and signs in with, opened: sealed registers, that don't change under their name. */
export interface Credentials {
  signerOf(subscription: Recipient, now: Date): Promise<SignWebhook>
  authOf(subscription: Recipient): Promise<EndpointAuth>
}

/** Rejects CallFailure 'keys-missing' if a register has not arrived here, or can't be opened. */
export function openCredentials(registers: Pick<Registers, 'get'>, keys: Keys): Credentials {
  const signers = new Recent<{ readonly by: string; readonly signer: Promise<SignWebhook> }>(endpointLimits.opened)
  return {
    signerOf({ id, keys: present }, now) {
      const inForce = present.filter(({ until }) => until === undefined || now < new Date(until))
      const names = inForce.map(({ sealed }) => `push-key/${id}/${sealed}`)
      const by = names.join(' ')
      const before = signers.get(id)
      if (before?.by === by) return before.signer
      const opened = { by, signer: Promise.all(names.map(unseal)).then(openWebhookSigner) }
      signers.set(id, opened)
      opened.signer.catch(() => signers.delete(id, opened))
      return opened.signer
    },
    async authOf({ id, endpoint }) {
      if (endpoint === undefined || endpoint.auth === 'none') return { kind: 'none' }
      const auth = JSON.parse(await unseal(`endpoint-auth/${id}/${endpoint.sealed ?? ''}`)) as EndpointAuth
      return auth
    },
  }

  async function unseal(name: string): Promise<string> {
    const sealed = await registers.get(name)
    if (sealed === undefined) throw new CallFailure('keys-missing')
    return open(keys.of('registers'), name, sealed).toString()
  }
}
