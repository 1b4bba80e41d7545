import { evidenceRows } from './evidence-rows.ts'
import { governanceRows } from './governance-rows.ts'
import { membershipRows } from './membership-rows.ts'
import { birthContract, birthOf, birthType, type birthWorld } from './world.ts'

/**
 * What a foreign institution gets: `hidden` = 404, as if nothing were there; `forbidden` = 403 with its decision, where what it is
 * about is public; `listed` = 200 with none of what is others'; `public` = the same for all.
 */
type Foreign = 'hidden' | 'forbidden' | 'listed' | 'public'

export interface Row {
  readonly foreign: Foreign
  readonly path?: Readonly<Record<string, string>>
  readonly json?: object
  readonly headers?: Readonly<Record<string, string>>
}

type World = Awaited<ReturnType<typeof birthWorld>>

export interface Place extends World {
  readonly decision: string
  readonly cursor: string
}

/** Every route that needs a token, asked about te and css. A route without a row fails the test: say here whose it is. */
export function rows(place: Place): Readonly<Record<string, Row>> {
  const { agreement, births, decision, cursor } = place
  const reason = { reason: 'Curious' }
  const institution = { id: 'css' }
  const system = { id: 'css', system: 'main' }
  const contract = { type: birthType }
  const version = { type: birthType, version: '1' }
  const schema = { schema: JSON.stringify(birthContract.schema) }
  const subject = { subject: 'pa.gob.civil.v1.BirthRegistered' }
  const event = { specversion: '1.0', source: 'urn:unavez:pa:te:registro', ...birthOf('foreign', '8-1-1') }
  const wish = {
    consumer: 'css',
    contract: birthType,
    purpose: { es: 'Saber', en: 'To know' },
    legalBasis: { kind: 'law', norm: 'Ley 1' },
    fields: ['child'],
    validUntil: '2030-01-01T00:00:00Z',
  }
  return {
    'GET /v1/me': { foreign: 'listed' },
    'POST /v1/institutions': { foreign: 'forbidden', json: { id: 'mine', name: { es: 'a', en: 'a' }, country: 'PA' } },
    'GET /v1/institutions': { foreign: 'listed' },
    'GET /v1/institutions/{id}': { foreign: 'hidden', path: institution },
    'POST /v1/institutions/{id}/suspend': { foreign: 'hidden', path: institution, json: reason },
    'POST /v1/institutions/{id}/resume': { foreign: 'hidden', path: institution, json: reason },
    'GET /v1/institutions/{id}/systems': { foreign: 'hidden', path: institution },
    'POST /v1/institutions/{id}/systems': { foreign: 'hidden', path: institution, json: { id: 'spy' } },
    'GET /v1/institutions/{id}/systems/{system}': { foreign: 'hidden', path: system },
    'POST /v1/institutions/{id}/systems/{system}/suspend': { foreign: 'hidden', path: system, json: reason },
    'POST /v1/institutions/{id}/systems/{system}/resume': { foreign: 'hidden', path: system, json: reason },
    'PUT /v1/institutions/{id}/systems/{system}/endpoint': {
      foreign: 'hidden',
      path: system,
      json: { url: 'https://spy.gob.pa/hook' },
    },
    'PUT /v1/institutions/{id}/systems/{system}/keys/{kid}': { foreign: 'hidden', path: { ...system, kid: 'k1' } },
    'DELETE /v1/institutions/{id}/systems/{system}/keys/{kid}': { foreign: 'hidden', path: { ...system, kid: 'k1' } },
    'POST /v1/institutions/{id}/approve': { foreign: 'hidden', path: institution, json: reason },
    'POST /v1/institutions/{id}/leave': { foreign: 'hidden', path: institution, json: reason },
    'PUT /v1/institutions/{id}/contacts': { foreign: 'hidden', path: institution, json: { contacts: [] } },
    'POST /v1/institutions/{id}/invitations': { foreign: 'hidden', path: institution, json: {} },
    'GET /v1/institutions/{id}/people': { foreign: 'hidden', path: institution },
    'POST /v1/institutions/{id}/people': { foreign: 'hidden', path: institution, json: {} },
    'GET /v1/institutions/{id}/people/{person}': { foreign: 'hidden', path: { ...institution, person: 'ana' } },
    'PATCH /v1/institutions/{id}/people/{person}': {
      foreign: 'hidden',
      path: { ...institution, person: 'ana' },
      json: {},
    },
    'DELETE /v1/institutions/{id}/people/{person}': { foreign: 'hidden', path: { ...institution, person: 'ana' } },
    'GET /v1/institutions/{id}/invitations': { foreign: 'hidden', path: institution },
    'POST /v1/institutions/{id}/invitations/{invitation}/withdraw': {
      foreign: 'hidden',
      path: { ...institution, invitation: 'inv_1' },
      json: reason,
    },
    'GET /v1/institutions/{id}/systems/{system}/read-keys': { foreign: 'hidden', path: system },
    'POST /v1/institutions/{id}/systems/{system}/read-keys': { foreign: 'hidden', path: system },
    'DELETE /v1/institutions/{id}/systems/{system}/read-keys/{key}': {
      foreign: 'hidden',
      path: { ...system, key: 'rdk_nothing' },
    },
    'POST /v1/contracts': { foreign: 'forbidden', json: { type: birthType, owner: 'te' } },
    'GET /v1/contracts': { foreign: 'public' },
    'GET /v1/contracts/{type}/history': { foreign: 'public', path: contract },
    'POST /v1/contracts/check': { foreign: 'public', json: { type: birthType, schema: birthContract.schema } },
    'GET /v1/contracts/{type}': { foreign: 'public', path: contract },
    'POST /v1/contracts/{type}/publish': { foreign: 'forbidden', path: contract },
    'PUT /v1/contracts/{type}': { foreign: 'forbidden', path: contract, json: {} },
    'POST /v1/contracts/{type}/versions': { foreign: 'forbidden', path: contract, json: { schema: {} } },
    'PUT /v1/contracts/{type}/compatibility': {
      foreign: 'forbidden',
      path: contract,
      json: { compatibility: 'backward' },
    },
    'POST /v1/contracts/{type}/deprecate': {
      foreign: 'forbidden',
      path: contract,
      json: { sunset: '2990-01-01T00:00:00Z' },
    },
    'POST /v1/contracts/{type}/retire': { foreign: 'forbidden', path: contract },
    'GET /v1/contracts/{type}/versions/{version}': { foreign: 'public', path: version },
    'GET /v1/contracts/{type}/versions/{version}/schema': { foreign: 'public', path: version },
    'GET /registry/subjects': { foreign: 'public' },
    'POST /registry/subjects/{subject}': { foreign: 'public', path: subject, json: schema },
    'GET /registry/subjects/{subject}/versions': { foreign: 'public', path: subject },
    'GET /registry/subjects/{subject}/versions/{version}': { foreign: 'public', path: { ...subject, version: '1' } },
    'GET /registry/subjects/{subject}/versions/{version}/schema': {
      foreign: 'public',
      path: { ...subject, version: '1' },
    },
    'GET /registry/schemas/ids/{id}': { foreign: 'public', path: { id: '1' } },
    'GET /registry/schemas/ids/{id}/versions': { foreign: 'public', path: { id: '1' } },
    'GET /registry/schemas/ids/{id}/schema': { foreign: 'public', path: { id: '1' } },
    'GET /registry/schemas/ids/{id}/subjects': { foreign: 'public', path: { id: '1' } },
    'GET /registry/schemas/types': { foreign: 'public' },
    'POST /registry/subjects/{subject}/versions': { foreign: 'forbidden', path: subject, json: schema },
    'DELETE /registry/subjects/{subject}': { foreign: 'forbidden', path: subject },
    'DELETE /registry/subjects/{subject}/versions/{version}': {
      foreign: 'forbidden',
      path: { ...subject, version: '1' },
    },
    'POST /registry/compatibility/subjects/{subject}/versions': {
      foreign: 'public',
      path: subject,
      json: schema,
    },
    'POST /registry/compatibility/subjects/{subject}/versions/{version}': {
      foreign: 'public',
      path: { ...subject, version: '1' },
      json: schema,
    },
    'GET /registry/config': { foreign: 'public' },
    'PUT /registry/config': { foreign: 'public', json: { compatibility: 'FULL_TRANSITIVE' } },
    'PUT /registry/config/{subject}': { foreign: 'forbidden', path: subject, json: { compatibility: 'FULL' } },
    'DELETE /registry/config/{subject}': { foreign: 'forbidden', path: subject },
    'GET /registry/mode/{subject}': { foreign: 'public', path: subject },
    'GET /registry/config/{subject}': { foreign: 'public', path: subject },
    'GET /registry/mode': { foreign: 'public' },
    'POST /v1/agreements': { foreign: 'forbidden', json: wish },
    'GET /v1/agreements': { foreign: 'listed' },
    'GET /v1/agreements/{id}': { foreign: 'hidden', path: { id: agreement } },
    'GET /v1/agreements/{id}/history': { foreign: 'hidden', path: { id: agreement } },
    'POST /v1/agreements/{id}/approve': { foreign: 'hidden', path: { id: agreement }, json: reason },
    'POST /v1/agreements/{id}/reject': { foreign: 'hidden', path: { id: agreement }, json: reason },
    'POST /v1/agreements/{id}/suspend': { foreign: 'hidden', path: { id: agreement }, json: reason },
    'POST /v1/agreements/{id}/resume': { foreign: 'hidden', path: { id: agreement }, json: reason },
    ...membershipRows,
    ...evidenceRows(),
    ...governanceRows({ agreement, contract: birthType }),
    'POST /v1/agreements/{id}/end': { foreign: 'hidden', path: { id: agreement }, json: reason },
    'POST /v1/decisions': { foreign: 'hidden', json: { action: 'publish', institution: 'te', contract: birthType } },
    'GET /v1/decisions/{id}': { foreign: 'hidden', path: { id: decision } },
    'POST /v1/events': {
      foreign: 'forbidden',
      json: event,
      headers: { 'content-type': 'application/cloudevents+json' },
    },
    // mides may be a consumer like any other, but of nothing: its own refusal, and nothing of css.
    'POST /v1/pseudonyms': { foreign: 'forbidden', json: { scheme: 'pa-cedula', ids: ['8-1-1'] } },
    'POST /v1/subscriptions': { foreign: 'hidden', json: { agreement, mode: 'pull', start: 'earliest' } },
    'GET /v1/subscriptions': { foreign: 'listed' },
    'GET /v1/subscriptions/{id}': { foreign: 'hidden', path: { id: births } },
    'GET /v1/subscriptions/{id}/history': { foreign: 'hidden', path: { id: births } },
    'PATCH /v1/subscriptions/{id}': { foreign: 'hidden', path: { id: births }, json: { baseline: 'exclude' } },
    'POST /v1/subscriptions/{id}/confirm': { foreign: 'hidden', path: { id: births }, json: reason },
    'GET /v1/subscriptions/{id}/deliveries': { foreign: 'hidden', path: { id: births } },
    'POST /v1/subscriptions/{id}/test': { foreign: 'hidden', path: { id: births } },
    'GET /v1/subscriptions/{id}/held': { foreign: 'hidden', path: { id: births } },
    'POST /v1/subscriptions/{id}/held/{held}/retry': { foreign: 'hidden', path: { id: births, held: 'x' } },
    'POST /v1/subscriptions/{id}/held/{held}/skip': {
      foreign: 'hidden',
      path: { id: births, held: 'x' },
      json: reason,
    },
    'POST /v1/subscriptions/{id}/held/retry': { foreign: 'hidden', path: { id: births }, json: {} },
    'POST /v1/subscriptions/{id}/rewind': {
      foreign: 'hidden',
      path: { id: births },
      json: { time: '2026-01-01T00:00:00Z', dryRun: true },
    },
    'POST /v1/subscriptions/{id}/pause': { foreign: 'hidden', path: { id: births } },
    'POST /v1/subscriptions/{id}/resume': { foreign: 'hidden', path: { id: births } },
    'DELETE /v1/subscriptions/{id}': { foreign: 'hidden', path: { id: births } },
    'GET /v1/subscriptions/{subscription}/events/{event}': {
      foreign: 'hidden',
      path: { subscription: births, event: 'birth-1' },
    },
    'GET /v1/events/{id}': { foreign: 'hidden', path: { id: 'birth-1' } },
    'GET /v1/subscriptions/{id}/effects': { foreign: 'hidden', path: { id: births } },
    'POST /v1/subscriptions/{id}/effects': {
      foreign: 'hidden',
      path: { id: births },
      json: [{ event: 'birth-1', effect: 'applied' }],
    },
    'GET /v1/subscriptions/{subscription}/events': { foreign: 'hidden', path: { subscription: births } },
    'GET /v1/subscriptions/{id}/digest': { foreign: 'hidden', path: { id: births } },
    'POST /v1/subscriptions/{id}/digest': { foreign: 'hidden', path: { id: births }, json: {} },
    'PUT /v1/subscriptions/{subscription}/cursor': {
      foreign: 'hidden',
      path: { subscription: births },
      json: { cursor },
    },
  }
}
