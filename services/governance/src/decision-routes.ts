import { authorize, decodeDecision, encodeDecision, operator, rulesVersion, type Target } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import type { AccessRequest, Surroundings } from '@unavez/service-kit'

import { decisionParams, dryRunBody } from './bodies.ts'
import { decisionView } from './decision-view.ts'
import { dryRun } from './dry-run.ts'
import { openPastPolicies } from './past-policy.ts'
import { replies } from './replies.ts'

const owner = 'governance'

/** The institution that the body names; without one the speaker's own, so that the body's fault is told and not hidden. */
function institutionOf({ actor, body }: AccessRequest): Target {
  const named = typeof body === 'object' && body !== null && 'institution' in body ? body.institution : undefined
  return { kind: 'institution', id: typeof named === 'string' ? named : actor.institution }
}

/** Nothing is stored for a decision: its id is recomputed. */
export function decisionRoutes(surroundings: Surroundings): void {
  const { http, control, keys } = surroundings
  const key = keys.of('decision')
  const pastPolicy = openPastPolicies(surroundings)
  http.route({
    method: 'POST',
    url: '/v1/decisions',
    owner,
    summary: 'Ask whether something would be allowed, and why not',
    access: { action: 'read-institution', on: institutionOf },
    body: dryRunBody,
    replies: { 200: replies.decision },
    handle({ body, language, now }) {
      const answered = dryRun(control.policy, body, now)
      return { body: decisionView(encodeDecision(key, answered.question, answered.decision), answered, language) }
    },
  })
  http.route({
    method: 'GET',
    url: '/v1/decisions/:id',
    owner,
    summary: 'A decision, recomputed: rule, reasons, remedies, who can grant it',
    access: { action: 'speak', on: () => ({ kind: 'bus' }) },
    params: decisionParams,
    replies: { 200: replies.decision },
    async handle({ actor, params, language }) {
      const decided = decodeDecision(key, params.id)
      const own = decided?.question.actor.institution === actor.institution || actor.institution === operator.id
      if (decided === undefined || !own) throw new Problem('decision-invalid')
      if (decided.rulesVersion !== rulesVersion) throw new Problem('decision-invalid', { detail: otherRules })
      const { question, controlOffset, at } = decided
      const decision = await pastPolicy(controlOffset, (policy) => authorize(policy, question, at))
      return { body: decisionView(params.id, { question, decision }, language) }
    },
  })
}

const otherRules = {
  es: 'Se tomó con otra versión de las reglas',
  en: 'It was made by another version of the rules',
}
