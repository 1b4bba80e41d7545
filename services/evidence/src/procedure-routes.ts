import { agreementForEvidence, providersOf, type Requirement, type Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import { type AccessRequest, type Call, identifierOf, type Surroundings } from '@unavez/service-kit'

import type { Wish } from './asking.ts'
import { owner, speakerOf } from './access.ts'
import { procedureParams, runBody } from './bodies.ts'
import type { Evidence } from './evidence.ts'
import { replies } from './replies.ts'
import { changing } from './requester-routes.ts'

const on = ({ params }: AccessRequest): Target => ({ kind: 'procedure', id: params['id'] ?? '' })

/** All that a procedure needs at once, and what there is to be had for it. */
export function procedureRoutes(surroundings: Surroundings, evidence: Evidence): void {
  directoryRoute(surroundings)
  runRoute(surroundings, evidence)
}

function directoryRoute({ http, control }: Surroundings): void {
  http.route({
    method: 'GET',
    url: '/v1/procedures/:id/evidence',
    owner,
    summary: 'What meets each requirement, who holds it, how fresh it is, and whether an agreement covers it',
    access: { action: 'read-procedure', on },
    params: procedureParams,
    replies: { 200: replies.directory },
    handle({ params, now }) {
      const { policy } = control
      const procedure = policy.procedure(params.id)
      if (procedure === undefined) throw new Problem('not-found')
      const held = (requirement: Requirement, evidenceType: string) => {
        const wanted = { procedure: procedure.id, requirement: requirement.id, evidenceType }
        const agreement = agreementForEvidence(policy, { ...wanted, consumer: procedure.institution, at: now })
        const { evidence, description } = policy.contract(evidenceType) ?? {}
        const { validity, answerWithin, previewRequired } = evidence ?? {}
        return {
          type: evidenceType,
          providers: providersOf(policy, evidenceType),
          agreed: agreement !== undefined,
          ...(description === undefined ? {} : { description }),
          ...(validity === undefined ? {} : { validity }),
          ...(answerWithin === undefined ? {} : { answerWithin }),
          ...(previewRequired === undefined ? {} : { previewRequired }),
        }
      }
      const items = procedure.requirements.map((requirement) => ({
        requirement: requirement.id,
        name: requirement.name,
        grounds: requirement.grounds,
        accepts: requirement.accepts.map((list) => list.map((type) => held(requirement, type))),
      }))
      return { body: { items } }
    },
  })
}

function runRoute({ http, control }: Surroundings, { asking, requests }: Evidence): void {
  http.route({
    method: 'POST',
    url: '/v1/procedures/:id/runs',
    owner,
    summary: 'Ask for all that a procedure needs of one subject',
    access: { action: 'request', on },
    params: procedureParams,
    body: runBody,
    replies: { 202: replies.run },
    async handle(call) {
      const procedure = control.policy.procedure(call.params.id)
      if (procedure === undefined) throw new Problem('not-found')
      const { requirements: named, parameters = {}, ...common } = call.body
      const unknown = named?.findIndex((id) => !procedure.requirements.some((each) => each.id === id)) ?? -1
      if (unknown !== -1) throw new Problem('body-invalid', { pointer: `/requirements/${unknown}` })
      const run = identifierOf('run', call)
      const made: object[] = []
      const unmet: object[] = []
      for (const requirement of procedure.requirements) {
        if (named !== undefined && !named.includes(requirement.id)) continue
        const types = listFor(call, procedure.id, requirement)
        try {
          for (const evidenceType of types) {
            const mine = parameters[evidenceType]
            const wish = { ...common, procedure: procedure.id, requirement: requirement.id, evidenceType }
            made.push(await one(call, run, mine === undefined ? wish : { ...wish, parameters: mine }))
          }
        } catch (error) {
          if (!(error instanceof Problem) || error.status >= 500) throw error
          unmet.push({ requirement: requirement.id, code: error.code })
        }
      }
      return { status: 202, body: { id: run, requests: made, unmet } }
    },
  })

  /** The first list of which an agreement covers every type; without one the first, whose refusal says what is missing. */
  function listFor(call: Call, procedure: string, { id, accepts }: Requirement): readonly string[] {
    const covered = (evidenceType: string): boolean =>
      agreementForEvidence(control.policy, {
        procedure,
        requirement: id,
        evidenceType,
        consumer: speakerOf(call),
        at: call.now,
      }) !== undefined
    return accepts.find((list) => list.every(covered)) ?? accepts[0] ?? []
  }

  /** Named after the run, so that a repeat of the run repeats its requests. */
  async function one(call: Call, run: string, wish: Wish & { readonly evidenceType: string }) {
    const { requirement, evidenceType } = wish
    const name = `${run}/${requirement}/${evidenceType}`
    const id = identifierOf('evr', { actor: call.actor, headers: { 'idempotency-key': name } })
    const asked = await asking.ask(call, wish, { id, run })
    const command = { ...call.command(), id: name }
    const { left } = await requests.decide({ ...changing(call, id, { do: 'ask', asked }), command })
    return { requirement, type: evidenceType, id, state: left }
  }
}
