const reason = { reason: 'Curious' }
const person = { id: 'css', person: 'ana' }
const delegation = { id: 'del_1' }

/** What a foreign institution may see of people, sessions and delegations: for the isolation test. */
export const membershipRows = {
  'POST /v1/institutions/{id}/people/{person}/sign-in-link': { foreign: 'hidden', path: person },
  'GET /v1/session': { foreign: 'hidden' },
  'POST /v1/session/logout': { foreign: 'hidden' },
  'POST /v1/delegations': { foreign: 'hidden', json: { principal: 'css', delegate: 'te' } },
  'GET /v1/delegations': { foreign: 'listed' },
  'GET /v1/delegations/{id}': { foreign: 'hidden', path: delegation },
  'POST /v1/delegations/{id}/accept': { foreign: 'hidden', path: delegation },
  'POST /v1/delegations/{id}/end': { foreign: 'hidden', path: delegation, json: reason },
} as const
