import type { AgreementState, Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import type { AccessRequest, Surroundings } from '@unavez/service-kit'

import { agreementAggregate } from './agreement.ts'
import { documentQuery, idParams, signatureBody } from './bodies.ts'
import { digestOf, documentOf, signDocument } from './document.ts'
import { replies } from './replies.ts'

const owner = 'governance'

const on = ({ params }: AccessRequest): Target => ({ kind: 'agreement', id: params['id'] ?? '' })

/** The document of an agreement, and the signatures of both sides under it. */
export function documentRoutes({ http, control }: Surroundings): void {
  const { policy } = control
  http.route({
    method: 'GET',
    url: '/v1/agreements/:id/document',
    owner,
    summary: 'The agreement as a document that both sides sign',
    access: { action: 'read-agreement', on },
    params: idParams,
    query: documentQuery,
    replies: { 200: replies.document },
    handle({ params, query }) {
      const state = policy.agreement(params.id)
      const version = query.version ?? state?.version ?? 0
      const document = state && documentOf(state, version)
      if (state === undefined || document === undefined) throw new Problem('not-found')
      const body = { document, digest: digestOf(document), signatures: signaturesOf(state, version) }
      return { body, version: policy.version(agreementAggregate(params.id)) }
    },
  })
  http.route({
    method: 'PUT',
    url: '/v1/agreements/:id/document/signatures',
    owner,
    summary: 'Sign the document with a key of the system that speaks',
    access: { action: 'sign-agreement', on },
    params: idParams,
    body: signatureBody,
    replies: { 200: replies.signed },
    async handle(call) {
      const { id } = call.params
      const { institution, system } = call.actor
      const clientId = `${institution}.${system}`
      const aggregate = agreementAggregate(id)
      const outcome = await call.submit((now, at) => {
        const signer = { clientId, system: now.system(clientId) }
        const facts = signDocument(now.agreement(id), { ...call.body, signer }, at)
        return { facts, reads: [aggregate, `system:${clientId}`] }
      }, aggregate)
      const state = policy.agreement(id)
      if (state === undefined) throw new Problem('not-found')
      const version = call.body.version ?? signedVersion(outcome.facts) ?? state.version
      return { body: { version, signatures: signaturesOf(state, version) }, at: outcome.offset }
    },
  })
}

const signedVersion = (facts: readonly { readonly type: string; readonly version?: number }[]): number | undefined =>
  facts.find(({ type }) => type === 'agreement-signed')?.version

const signaturesOf = ({ signatures }: AgreementState, version: number) =>
  signatures
    .filter((each) => each.version === version)
    .map(({ institution, system, kid, jws }) => ({ institution, system, kid, jws }))
