import { randomBytes } from 'node:crypto'

import { canonicalIdentifier, identifierSchemes, MacKey, pairwisePseudonym, rootPseudonym } from '@unavez/contracts'
import { partitionOf } from '@unavez/engine'
import { disclosuresTopic, openPairwiseKeys } from '@unavez/exchange'
import { Problem } from '@unavez/protocol'
import { byOf, type Call, type Surroundings } from '@unavez/service-kit'
import { Counter } from 'prom-client'
import { Type } from 'typebox'

import { Quota } from './quota.ts'

const pseudonymLimits = {
  ids: 1_000,
  /** Characters of one identifier as written. */
  idLength: 64,
  /** Identifiers of one institution in one second, over all instances. */
  perSecond: 10_000,
} as const

const body = Type.Object(
  {
    scheme: Type.Enum([...identifierSchemes]),
    ids: Type.Array(Type.String({ minLength: 1, maxLength: pseudonymLimits.idLength }), {
      minItems: 1,
      maxItems: pseudonymLimits.ids,
    }),
  },
  { additionalProperties: false },
)

/**
 * The pseudonyms under which an institution sees people whose identifiers it has: so that it finds its own people among the
 * events it receives. Who was asked about is recorded as roots before the answer leaves; identifiers are neither kept nor told.
 */
export function pseudonymRoutes(surroundings: Surroundings): void {
  const { http, engine, control, keys, clock, metrics } = surroundings
  const keyOf = openPairwiseKeys(engine.registers, keys.of('registers'))
  const rootKey = new MacKey(keys.of('root-pseudonym'))
  const volatile = {
    count: (key: string, amount: number, ttlMs: number) => engine.volatile.count(`pseudonyms/${key}`, amount, ttlMs),
  }
  const { perSecond } = pseudonymLimits
  const quota = new Quota({ volatile, clock, perSecond, step: perSecond / 10 })
  const given = new Counter({
    name: 'unavez_pseudonyms_total',
    help: 'Pseudonyms that consumers asked for by identifier.',
    labelNames: ['institution'],
    registers: [metrics],
  })

  http.route({
    method: 'POST',
    url: '/v1/pseudonyms',
    owner: 'gateway',
    summary: 'The pseudonyms of your own people, by identifier, in order',
    access: { action: 'read-pseudonyms', on: ({ actor }) => ({ kind: 'institution', id: actor.institution }) },
    body,
    replies: { 200: Type.Object({ scheme: Type.String(), pseudonyms: Type.Array(Type.String()) }) },
    handle: async (call) => {
      const { scheme, ids } = call.body
      const consumer = call.actor.institution
      quota.take(consumer, ids.length)
      const roots = ids.map((id, i) => {
        const canonical = canonicalIdentifier(scheme, id)
        if (canonical === undefined) throw new Problem('identifier-invalid', { pointer: `/ids/${i}` })
        return control.policy.firstRoot(rootPseudonym(rootKey, canonical))
      })
      const key = new MacKey(await keyOf(consumer))
      await record(call, { consumer, scheme, roots })
      given.inc({ institution: consumer }, roots.length)
      return { body: { scheme, pseudonyms: roots.map((root) => pairwisePseudonym(key, root)) } }
    },
  })

  /** A disclosure of no event: `subjects` as in others, and what was asked instead of a range. */
  async function record(
    call: Pick<Call, 'actor' | 'traceparent' | 'authorize'>,
    { consumer, scheme, roots }: { consumer: string; scheme: string; roots: readonly string[] },
  ): Promise<void> {
    const decision = await call.authorize('read-pseudonyms', { kind: 'institution', id: consumer })
    const { controlOffset: n, at, rulesVersion: rules } = decision
    const subjects = roots.map((root) => [root])
    const value = { pseudonyms: scheme, consumer, n, at: at.toISOString(), rules, count: roots.length, subjects }
    const messageKey = Buffer.from(consumer)
    await engine.log.append({
      topic: disclosuresTopic,
      partition: partitionOf(messageKey),
      key: messageKey,
      value: Buffer.from(JSON.stringify(value)),
      headers: {
        salt: randomBytes(16),
        n: Buffer.from(String(n)),
        by: Buffer.from(JSON.stringify(byOf(call.actor))),
        traceparent: Buffer.from(call.traceparent),
      },
    })
  }
}
