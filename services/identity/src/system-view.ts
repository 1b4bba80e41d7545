import { keyStands, type SystemKey, type SystemState } from '@unavez/policy'

import { clientIdOf } from './system.ts'

/** What the API tells of a key: never its material. */
export const keyView = (key: SystemKey, now: Date) => ({
  kid: key.kid,
  ...(key.alg === undefined ? {} : { alg: key.alg }),
  ...(key.notAfter === undefined ? {} : { notAfter: key.notAfter }),
  state: key.revoked === true ? 'revoked' : keyStands(key, now) ? 'active' : 'expired',
})

/** What the API tells of a system. */
export const systemView = ({ institution, id, name, roles, keys, endpoint, state }: SystemState, now: Date) => ({
  clientId: clientIdOf(institution, id),
  institution,
  id,
  name,
  roles,
  keys: keys.map((key) => keyView(key, now)),
  ...(endpoint === undefined ? {} : { endpoint: { url: endpoint.url, auth: { kind: endpoint.auth } } }),
  state,
})
