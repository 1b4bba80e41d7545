import { isIP } from 'node:net'
import { createSecureContext } from 'node:tls'

import type { PushSecrets } from '@unavez/exchange'
import type { EndpointAuth } from '@unavez/protocol'
import { type AddressGuard, checkEndpointUrl, literalIn } from '@unavez/service-kit'

import { type AccessToken, isHeaderText, openAccessToken } from './access-token.ts'
import type { Recipient } from './attempt.ts'
import { call, type Called, type CallWaits, type Heard } from './call.ts'
import { CallFailure } from './call-failure.ts'
import { type Connections, openConnections } from './connections.ts'
import { endpointLimits } from './limits.ts'
import { Recent } from './recent.ts'
import { guardedLookup, openResolve, type Resolve } from './resolve.ts'
import { Slots } from './slots.ts'

export interface EndpointsOptions {
  readonly secrets: Pick<PushSecrets, 'endpointAuth'>
  readonly guard: AddressGuard
  /** Milliseconds that only ever grow. */
  readonly monotonic: () => number
  /** Where names lead; the name servers unless told. */
  readonly resolve?: Resolve
  readonly waits?: CallWaits
}

/** A call without its address. */
type Asked = Omit<Called, 'url'>

/** One endpoint in one version, ready to be called. */
export interface Endpoint {
  /**
   * Signed in as it wants; after a 401 once more with a new token, if tokens are how. `make` is called when there is room for the
   * request. Rejects CallFailure, or the signal's reason.
   */
  call(make: () => Asked, signal: AbortSignal): Promise<Heard>
}

interface ClientCertificate {
  readonly certificate: string
  readonly key: string
}

interface Opened {
  readonly version: number
  readonly endpoint: Promise<Endpoint>
  readonly connections: Connections[]
}

/** Where push goes: the connections and tokens of every endpoint in use, and the limits that all of them share. */
export class Endpoints {
  readonly #options: Required<EndpointsOptions>
  readonly #inAll = new Slots(endpointLimits.underWayInAll)
  readonly #idle = { now: 0 }
  readonly #closing = new AbortController()
  /** By subscription. */
  readonly #opened = new Recent<Opened>(endpointLimits.opened, (opened) => this.#retire(opened))

  constructor(options: EndpointsOptions) {
    this.#options = { resolve: openResolve(), waits: endpointLimits, ...options }
  }

  /** As the subscription has it now; an older version than was seen before is 'endpoint-replaced'. Rejects CallFailure. */
  of(subscription: Recipient): Promise<Endpoint> {
    const { id, endpoint } = subscription
    if (this.#closing.signal.aborted) return Promise.reject(new CallFailure('closing'))
    if (endpoint === undefined) return Promise.reject(new CallFailure('no-endpoint'))
    const before = this.#opened.get(id)
    if (before?.version === endpoint.version) return before.endpoint
    if (before !== undefined && before.version > endpoint.version)
      return Promise.reject(new CallFailure('endpoint-replaced'))
    const connections: Connections[] = []
    const { url, version } = endpoint
    const opened = { version, connections, endpoint: this.#open(subscription, url, connections) }
    this.#opened.set(id, opened)
    opened.endpoint.catch(() => this.#opened.delete(id, opened))
    return opened.endpoint
  }

  /** Cuts what is under way. */
  close(): void {
    this.#closing.abort(new CallFailure('closing'))
    this.#opened.clear()
  }

  async #open(subscription: Recipient, address: string, opened: Connections[]): Promise<Endpoint> {
    const auth = await this.#authOf(subscription)
    const url = this.#checked(address)
    const connections = this.#connect(url, auth.kind === 'mtls' ? auth : undefined)
    opened.push(connections)
    const own = new Slots(endpointLimits.underWay)
    const send: Endpoint['call'] = (make, signal) =>
      own.during(() => this.#call(() => ({ ...make(), url }), connections, signal), signal)
    if (auth.kind === 'oauth2') return withToken(send, this.#tokenOf(auth, opened))
    if (auth.kind === 'bearer') return { call: (make, signal) => send(() => signedIn(make(), auth.token), signal) }
    return { call: send }
  }

  /** A register may arrive here after the fact that names it. */
  async #authOf({ id, endpoint }: Recipient): Promise<EndpointAuth> {
    const auth = endpoint && (await this.#options.secrets.endpointAuth(id, endpoint))
    if (auth === undefined) throw new CallFailure('keys-missing')
    return auth
  }

  #tokenOf(auth: Extract<EndpointAuth, { kind: 'oauth2' }>, opened: Connections[]): AccessToken {
    const { monotonic } = this.#options
    const url = this.#checked(auth.tokenUrl)
    const connections = this.#connect(url)
    opened.push(connections)
    const ask = (called: Called): Promise<Heard> => this.#call(() => called, connections, this.#closing.signal)
    return openAccessToken({ auth, url, ask, monotonic })
  }

  #call(make: () => Called, connections: Connections, signal: AbortSignal): Promise<Heard> {
    return this.#inAll.during(() => {
      this.#closing.signal.throwIfAborted()
      return call(make(), { connections, waits: this.#options.waits, signal })
    }, signal)
  }

  #connect(url: URL, client?: ClientCertificate): Connections {
    const { guard, resolve } = this.#options
    const literal = literalIn(url)
    // `localhost` is asked of nobody: it leads where the guard has looked.
    const known: Resolve = () =>
      Promise.resolve(literal === undefined ? [] : [{ address: literal, family: isIP(literal) }])
    const lookup = guardedLookup(literal === undefined ? resolve : known, guard, url.protocol)
    const options = { protocol: url.protocol, lookup, idle: this.#idle }
    return openConnections(client === undefined ? options : { ...options, client: usable(client) })
  }

  /** Looked at again with each opening: what the operator allows may have become less since it was set. */
  #checked(address: string): URL {
    try {
      return checkEndpointUrl(address, this.#options.guard)
    } catch (error) {
      throw new CallFailure('address-not-allowed', error)
    }
  }

  #retire({ connections: all }: Opened): void {
    for (const connections of all) {
      if (this.#closing.signal.aborted) connections.agent.destroy()
      else connections.retire()
    }
  }
}

/** The endpoint says 401 when its token was withdrawn before its time: one more try with a new one. */
function withToken(send: Endpoint['call'], token: AccessToken): Endpoint {
  return {
    async call(make, signal) {
      const first = await token.present()
      const heard = await send(() => signedIn(make(), first), signal)
      if (heard.status !== 401) return heard
      token.forget(first)
      const second = await token.present()
      return send(() => signedIn(make(), second), signal)
    },
  }
}

function signedIn(asked: Asked, token: string): Asked {
  if (!isHeaderText(token)) throw new CallFailure('auth-unusable')
  return { ...asked, headers: { ...asked.headers, authorization: `Bearer ${token}` } }
}

/** Told at once, and not with each connection. */
function usable({ certificate, key }: ClientCertificate): ClientCertificate {
  try {
    createSecureContext({ cert: certificate, key })
    return { certificate, key }
  } catch (error) {
    throw new CallFailure('auth-unusable', error)
  }
}
