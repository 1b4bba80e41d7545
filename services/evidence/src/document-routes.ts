import { Problem } from '@unavez/protocol'
import type { Call, Surroundings } from '@unavez/service-kit'

import { onBus, owner, requireAgreement, requireSide } from './access.ts'
import { documentParams } from './bodies.ts'
import { documentLimits, Documents, mediaTypes } from './documents.ts'
import type { Evidence } from './evidence.ts'
import type { RequestState } from './facts.ts'
import { replies } from './replies.ts'
import { requireAnswerable } from './request.ts'
import { changing } from './requester-routes.ts'

/** Papers that go with an answer: put before it, read as long as it can be. */
export function documentRoutes(surroundings: Surroundings, evidence: Evidence): void {
  const { requests, sealing, shower } = evidence
  const documents = new Documents(surroundings, { requests, sealing })
  putRoute(surroundings, evidence, documents)
  surroundings.http.route({
    method: 'GET',
    url: '/v1/evidence-requests/:id/documents/:n',
    owner,
    summary: 'A document of the answer, for the requester',
    access: { action: 'read-evidence', on: onBus },
    params: documentParams,
    async handle(call) {
      const state = await requests.require(call.params.id)
      requireSide(call, state, 'requester')
      const document = readable(state, Number(call.params.n))
      await requireAgreement(call, state, 'read-evidence')
      const bytes = await documents.bytesOf(state, document)
      await shower.record(call, { role: 'requester', requests: [state], bytes })
      await requireAgreement(call, state, 'read-evidence')
      return { headers: { 'content-type': document.mediaType, 'content-disposition': 'attachment' }, body: bytes }
    },
  })
}

function readable(state: RequestState, n: number) {
  const document = state.documents.find((each) => each.n === n)
  if (document === undefined || (state.state !== 'supplied' && state.state !== 'fetched'))
    throw new Problem('not-found')
  return document
}

function putRoute({ http, clock }: Surroundings, { requests }: Evidence, documents: Documents): void {
  http.route({
    method: 'PUT',
    url: '/v1/evidence-requests/:id/documents/:n',
    owner,
    summary: 'Add a document to the answer that is to come',
    access: { action: 'provide', on: onBus },
    params: documentParams,
    consumes: [...mediaTypes],
    bodyLimit: documentLimits.bytes,
    replies: { 200: replies.document },
    async handle(call: Call<typeof documentParams>) {
      const { id } = call.params
      const state = await requests.require(id)
      requireSide(call, state, 'provider')
      await requireAgreement(call, state, 'provide')
      const bytes: unknown = call.body
      if (!Buffer.isBuffer(bytes) || bytes.length === 0) throw new Problem('content-type-unsupported')
      // Nothing is stored for a request that takes no answer any more.
      requireAnswerable(state, clock.now())
      const document = await documents.store(call, id, { n: Number(call.params.n), bytes })
      await requests.decide(changing(call, id, { do: 'add-document', document }))
      const { n, mediaType, hash } = document
      return { body: { n, mediaType, bytes: bytes.length, hash } }
    },
  })
}
