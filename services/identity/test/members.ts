import type { Settings } from '@unavez/service-kit'

import { joinInstitution, type Key, newKey, openBus, openGround, sign } from './open-bus.ts'

export interface Ask {
  /** A client id whose token is sent; none: no token. */
  readonly as?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

/** te and css with an administrator's system each, and the operator: a bus on which members are managed. */
export async function openMembers(settings: Partial<Settings> = {}) {
  const ground = await openGround()
  const operator = await newKey('EdDSA', 'op')
  const bus = await openBus({ ...ground, operatorKeys: [operator.publicKey], settings })
  const tokens = new Map<string, string>()
  await bus.ready()

  async function signIn(clientId: string, key: Key): Promise<number> {
    const response = await bus.token(await sign(key, clientId))
    if (response.status === 200)
      tokens.set(clientId, ((await response.json()) as { access_token: string }).access_token)
    return response.status
  }

  async function ask(request: string, { as, body, headers }: Ask = {}): Promise<Answered> {
    const [method = '', path = ''] = request.split(' ')
    const response = await fetch(bus.url + path, {
      method,
      headers: {
        ...(as === undefined ? {} : { authorization: `Bearer ${tokens.get(as) ?? ''}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual',
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) }
  }

  const admin = await newKey('EdDSA', 'a-1')
  await signIn('operator.admin', operator)
  for (const id of ['te', 'css']) {
    await joinInstitution(bus, id)
    const body = { id: 'admin', name: 'admin', roles: ['administrator'], jwks: { keys: [admin.publicKey] } }
    await ask(`POST /v1/institutions/${id}/systems`, { as: 'operator.admin', body })
    await signIn(`${id}.admin`, admin)
  }
  return {
    bus,
    ask,
    signIn,
    /** The token that a system signed in with last. */
    token: (clientId: string): string => tokens.get(clientId) ?? '',
    close: async () => {
      await bus.close()
      await ground.close()
    },
  }
}

export type Members = Awaited<ReturnType<typeof openMembers>>
