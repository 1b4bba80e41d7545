import { refuseIdentifier } from '@unavez/contracts'
import { apiLimits, Problem } from '@unavez/protocol'
import { byOf, type Call, type Surroundings } from '@unavez/service-kit'

import { onBus, owner, procedureIn, requireAgreement, requireSide, speakerOf } from './access.ts'
import { askBody, cancelBody, informationBody, itemQuery, requestList, requestParams } from './bodies.ts'
import { destroy } from './due.ts'
import type { Evidence } from './evidence.ts'
import { isEnd, type RequestState } from './facts.ts'
import { replies } from './replies.ts'
import type { EvidenceCommand } from './request.ts'
import { sealPart } from './sealing.ts'
import { readRow, staleKey, type StaleRow } from './views.ts'

/** Whoever needs evidence: asks, waits, reads, acknowledges. */
export function requesterRoutes(surroundings: Surroundings, evidence: Evidence): void {
  askRoute(surroundings, evidence)
  listRoute(surroundings, evidence)
  itemRoute(surroundings, evidence)
  changeRoutes(surroundings, evidence)
}

export const changing = (call: Call, id: string, what: EvidenceCommand) => ({
  id,
  command: call.command(),
  by: byOf(call.actor),
  traceparent: call.traceparent,
  what,
})

function askRoute({ http }: Surroundings, { asking, requests }: Evidence): void {
  http.route({
    method: 'POST',
    url: '/v1/evidence-requests',
    owner,
    summary: 'Ask for evidence that meets a requirement of a procedure',
    access: { action: 'request', on: procedureIn },
    body: askBody,
    replies: { 202: replies.asked },
    async handle(call) {
      const asked = await asking.ask(call, call.body)
      const { state, left } = await requests.decide(changing(call, asked.id, { do: 'ask', asked }))
      const { id, decision, traceId } = state
      const headers = { location: `/v1/evidence-requests/${id}` }
      return { status: 202, headers, body: { id, state: left, decision, traceId } }
    },
  })
}

/** What both sides may know of a request: nothing of the subject. */
export const summaryOf = (state: RequestState) => ({
  id: state.id,
  state: state.state,
  procedure: state.procedure,
  requirement: state.requirement,
  type: state.evidenceType,
  requester: state.requester,
  provider: state.provider,
  fields: state.fields,
  grounds: state.grounds,
  deadline: state.deadline,
  askedAt: state.askedAt,
  traceId: state.traceId,
  ...(state.run === undefined ? {} : { run: state.run }),
  ...(state.availableAt === undefined ? {} : { availableAt: state.availableAt }),
  ...(state.need === undefined ? {} : { need: state.need }),
  ...(state.reason === undefined ? {} : { reason: state.reason }),
  ...(state.documents.length === 0
    ? {}
    : { documents: state.documents.map(({ n, mediaType, bytes, hash }) => ({ n, mediaType, bytes, hash })) }),
})

function listRoute({ http }: Surroundings, { lists, shower }: Evidence): void {
  http.route({
    method: 'GET',
    url: '/v1/evidence-requests',
    owner,
    summary: 'Requests to answer, or those that were made',
    access: { action: 'read-evidence', on: onBus },
    query: requestList,
    replies: { 200: replies.list },
    async handle(call) {
      const { role: side = 'requester', wait = 0, ...query } = call.query
      const listed = { side, institution: speakerOf(call), ...query }
      if (side === 'provider') await call.authorize('provide', { kind: 'bus' })
      const { items, next } = await lists.pageWithin(listed, { waitMs: wait * 1000, signal: call.gone })
      const rows = items.map((row) => row.state)
      if (side === 'requester') return { body: { items: rows.map(summaryOf), next } }
      return { headers: { 'content-type': 'application/json' }, body: await toAnswer(rows, next) }

      async function toAnswer(states: readonly RequestState[], after: string | null): Promise<Buffer> {
        const told = await Promise.all(states.map((each) => forProvider(call, each)))
        const shown = states.filter((_, i) => told[i]?.isShown === true)
        const bytes = Buffer.from(JSON.stringify({ items: told.map(({ body }) => body), next: after }))
        if (shown.length > 0) await shower.record(call, { role: 'provider', requests: shown, bytes })
        return bytes
      }
    },
  })

  /** The subject only while there is something to answer, under an agreement in force. */
  async function forProvider(call: Call, state: RequestState): Promise<{ body: object; isShown: boolean }> {
    if (state.state !== 'forwarded' && state.state !== 'waiting') return { body: summaryOf(state), isShown: false }
    try {
      await requireAgreement(call, state, 'provide')
      return { body: await shower.forProvider(state), isShown: true }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return { body: summaryOf(state), isShown: false }
    }
  }
}

const settled = ({ state }: RequestState): boolean => state === 'supplied' || state === 'fetched' || isEnd(state)

function itemRoute({ http, engine }: Surroundings, { requests, shower }: Evidence): void {
  http.route({
    method: 'GET',
    url: '/v1/evidence-requests/:id',
    owner,
    summary: 'One request; for its requester with the evidence, once it is there',
    access: { action: 'read-evidence', on: onBus },
    params: requestParams,
    query: itemQuery,
    replies: { 200: replies.item },
    async handle(call) {
      const { id } = call.params
      const found = await requests.require(id)
      if (found.provider === speakerOf(call) && found.requester !== speakerOf(call))
        return { body: await provided(call, found) }
      requireSide(call, found, 'requester')
      const waitMs = Math.min(call.query.wait ?? 0, apiLimits.waitSeconds) * 1000
      const state = waitMs > 0 ? await requests.waitFor(id, { wanted: settled, waitMs, signal: call.gone }) : found
      if (state.state !== 'supplied' && state.state !== 'fetched')
        return { body: { ...summaryOf(state), ...(await staleness(id)) } }
      return { headers: { 'content-type': 'application/json' }, body: await withEvidence(call, state) }
    },
  })

  /** Whether something has happened since that makes what was received out of date. */
  async function staleness(id: string): Promise<{ readonly stale?: StaleRow }> {
    const value = await engine.views.get(staleKey(id))
    return value === undefined ? {} : { stale: readRow<StaleRow>(value) }
  }

  async function provided(call: Call, state: RequestState): Promise<object> {
    await call.authorize('provide', { kind: 'bus' })
    if (state.state !== 'forwarded' && state.state !== 'waiting') return summaryOf(state)
    await requireAgreement(call, state, 'provide')
    const body = await shower.forProvider(state)
    await shower.record(call, { role: 'provider', requests: [state], bytes: Buffer.from(JSON.stringify(body)) })
    await requireAgreement(call, state, 'provide')
    return { ...summaryOf(state), ...body }
  }

  async function withEvidence(call: Call, state: RequestState): Promise<Buffer> {
    await requireAgreement(call, state, 'read-evidence')
    const data = await shower.answerOf(state)
    const { evidence } = state.answer ?? {}
    const text = JSON.stringify({ ...summaryOf(state), ...(await staleness(state.id)), evidence }).slice(0, -2)
    const bytes = Buffer.from(`${text},"data":${data}}}`)
    await shower.record(call, { role: 'requester', requests: [state], bytes })
    const command = { id: `fetch/${state.id}`, hash: '' }
    await requests.decide({ ...changing(call, state.id, { do: 'fetch' }), command })
    // And once more, however long that took: what leaves is allowed when it leaves.
    await requireAgreement(call, state, 'read-evidence')
    return bytes
  }
}

function changeRoutes({ http }: Surroundings, evidence: Evidence): void {
  const { requests, sealing } = evidence
  const common = { owner, access: { action: 'read-evidence', on: onBus }, params: requestParams } as const
  http.route({
    ...common,
    method: 'POST',
    url: '/v1/evidence-requests/:id/received',
    summary: 'The evidence has arrived: the request is closed, and what it carried destroyed',
    replies: { 200: replies.changed },
    async handle(call) {
      requireSide(call, await requests.require(call.params.id), 'requester')
      const { left } = await requests.decide(changing(call, call.params.id, { do: 'receive' }))
      await destroy(evidence, call.params.id)
      return { body: { state: left } }
    },
  })
  http.route({
    ...common,
    method: 'POST',
    url: '/v1/evidence-requests/:id/cancel',
    summary: 'The evidence is no longer needed',
    body: cancelBody,
    replies: { 200: replies.changed },
    async handle(call) {
      requireSide(call, await requests.require(call.params.id), 'requester')
      const { reason } = call.body
      if (reason !== undefined) refuseIdentifier(reason, '/reason')
      const what = { do: 'cancel', ...(reason === undefined ? {} : { reason }) } as const
      const { left } = await requests.decide(changing(call, call.params.id, what))
      await destroy(evidence, call.params.id)
      return { body: { state: left } }
    },
  })
  http.route({
    ...common,
    method: 'POST',
    url: '/v1/evidence-requests/:id/information',
    summary: 'What the provider lacked to tell whom it is about',
    body: informationBody,
    replies: { 200: replies.changed },
    async handle(call) {
      requireSide(call, await requests.require(call.params.id), 'requester')
      const { information, officer } = call.body
      const sealed = sealPart(await sealing.of(call.params.id), 'information', Buffer.from(information))
      const what = { do: 'inform', sealed, ...(officer === undefined ? {} : { officer }) } as const
      const { left } = await requests.decide(changing(call, call.params.id, what))
      return { body: { state: left } }
    },
  })
}
