import { contractUsed, type Fact, type Target } from '@unavez/policy'
import type { Language } from '@unavez/protocol'
import { type AccessRequest, type Call, identifierOf, type Surroundings } from '@unavez/service-kit'

import { agreementAggregate } from './agreement.ts'
import { bulkBody } from './bodies.ts'
import { bulkAgreements, type BulkItem } from './bulk.ts'
import { knownAggregates } from './known.ts'
import { replies } from './replies.ts'
import { namedView } from './views.ts'

const owner = 'governance'

/** The contract that the template names; without one the speaker's own institution, so that the body's fault is told. */
function contractOf({ actor, body }: AccessRequest): Target {
  const template = typeof body === 'object' && body !== null && 'template' in body ? body.template : undefined
  const named =
    typeof template === 'object' && template !== null && 'contract' in template ? template.contract : undefined
  return typeof named === 'string' ? { kind: 'contract', id: named } : { kind: 'institution', id: actor.institution }
}

export function bulkRoutes({ http, control }: Surroundings): void {
  http.route({
    method: 'POST',
    url: '/v1/agreements/bulk',
    owner,
    summary: 'The same agreement for many institutions; with dryRun, what would be made and what refused',
    access: { action: 'offer-agreements', on: contractOf },
    body: bulkBody,
    replies: { 200: replies.bulk },
    async handle(call) {
      const { template, institutions, dryRun = false } = call.body
      const ids = idsFor(call, institutions)
      const bulk = { template, institutions, speaker: call.actor.institution, idOf: ids }
      if (dryRun) {
        const items = bulkAgreements(control.policy, bulk, call.now)
        return { body: { dryRun, items: items.map((item) => told(item, call.language)) } }
      }
      let items: readonly BulkItem[] = []
      const outcome = await call.submit((policy, at) => {
        items = bulkAgreements(policy, bulk, at)
        const reads = institutions.flatMap((consumer) => [
          agreementAggregate(ids(consumer)),
          ...knownAggregates({ ...template, consumer }),
        ])
        const made = items.flatMap((item) => item.made ?? [])
        const used = made.length === 0 ? [] : [contractUsed(template.contract)]
        return { facts: [...made, ...used], reads: [...new Set(reads)] }
      })
      if (outcome.repeated)
        items = repeated(institutions, outcome.facts, bulkAgreements(control.policy, bulk, call.now))
      const made = items.map((item) => (item.made === undefined ? told(item, call.language) : madeItem(item)))
      return { body: { dryRun, items: made }, at: outcome.offset }
    },
  })
}

/** One id per institution: with an `Idempotency-Key` the same for a repeat. A key has no space, so that no other command's can be alike. */
function idsFor(
  { actor, headers }: Pick<Call, 'actor' | 'headers'>,
  institutions: readonly string[],
): (institution: string) => string {
  const key = headers['idempotency-key']
  const ids = new Map(
    institutions.map((institution) => {
      const own = typeof key === 'string' ? { 'idempotency-key': `bulk ${key} ${institution}` } : {}
      return [institution, identifierOf('agr', { actor, headers: own })]
    }),
  )
  return (institution) => ids.get(institution) ?? ''
}

/** What the first one made was made; what it refused is told as it would be now. */
function repeated(
  institutions: readonly string[],
  facts: readonly Fact[],
  now: readonly BulkItem[],
): readonly BulkItem[] {
  const asked = facts.filter((fact) => fact.type === 'agreement-requested')
  return institutions.map((institution, i) => {
    const own = asked.find(({ consumer }) => consumer === institution)
    if (own === undefined) return now[i] ?? { institution }
    return { institution, made: facts.filter(({ aggregate }) => aggregate === own.aggregate) }
  })
}

function madeItem({ institution, made = [] }: BulkItem) {
  const { id, state } = namedView(made)
  return { institution, result: 'made', id, state }
}

function told({ institution, refused }: BulkItem, language: Language) {
  if (refused === undefined) return { institution, result: 'would-be-made' }
  const { code, title, detail, pointer } = refused.document(language)
  const more = { ...(detail === undefined ? {} : { detail }), ...(pointer === undefined ? {} : { pointer }) }
  return { institution, result: 'refused', problem: { code, title, ...more } }
}
