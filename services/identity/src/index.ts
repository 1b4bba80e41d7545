import type { Service } from '@unavez/service-kit'

import { endpointRoute } from './endpoint-route.ts'
import { enrolmentRoute } from './enrolment.ts'
import { invitationRoutes } from './invitation-routes.ts'
import { keyRoutes } from './key-routes.ts'
import { localAccounts } from './local-accounts.ts'
import { meRoute } from './me.ts'
import { metadataRoutes } from './metadata-routes.ts'
import { peopleRoutes } from './people-routes.ts'
import { sessionRoutes } from './session-routes.ts'
import { type SigningKey, signingKey } from './signing-keys.ts'
import { systemRoutes } from './system-routes.ts'
import { tokenRoute } from './token.ts'

/** Who is speaking: systems, their keys, tokens. */
export const identity: Service = {
  name: 'identity',
  start(surroundings) {
    let key: SigningKey | undefined
    const opening = signingKey(surroundings).then((found) => {
      key = found
    })
    surroundings.onReady('identity', () => (key === undefined ? 'the key that signs access tokens' : undefined))
    surroundings.onClose(() => opening)
    tokenRoute(surroundings, () => key)
    metadataRoutes(surroundings)
    systemRoutes(surroundings)
    keyRoutes(surroundings)
    endpointRoute(surroundings)
    invitationRoutes(surroundings)
    enrolmentRoute(surroundings)
    peopleRoutes(surroundings)
    sessionRoutes(surroundings)
    localAccounts(surroundings)
    meRoute(surroundings)
    return Promise.resolve()
  },
}
