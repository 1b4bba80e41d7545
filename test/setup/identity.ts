import { readFileSync } from 'node:fs'

import type { Client } from '@unavez/sdk'

import type { Session } from './session.ts'

export const linkType = 'pa.gob.identity.identifier-linked.v1'

/** The contract as it ships. */
export const linkContract = document('identity/identifier-linked')

function document(name: string): { type: string; schema: object } {
  const path = new URL(`../../schemas/pa/${name}.avsc`, import.meta.url)
  const { contract, sample: _, ...schema } = JSON.parse(readFileSync(path, 'utf8'))
  return { ...contract, schema }
}

export const linkOf = (id: string, link: { person: string; other: string; kind: string }, more: object = {}) => ({
  id,
  type: linkType,
  time: '2026-11-22T10:00:00Z',
  occurredat: '2026-11-20T03:10:00Z',
  changetype: 'created' as const,
  data: { ...link, effectiveDate: '2026-11-20', resolution: 'TE-2026' },
  ...more,
})

/** An agreement of css with te, some of whose fields it sees as pseudonyms, and a subscription to it. */
export async function pseudonymousSubscription(
  session: Session,
  { css, te }: { readonly css: Client; readonly te: Client },
  wish: { contract: string; fields: readonly string[]; pseudonymous: readonly string[] },
): Promise<string> {
  const json = {
    consumer: 'css',
    purpose: { es: 'Conocer', en: 'To know' },
    legalBasis: { kind: 'law', norm: 'Ley 51 de 2005' },
    validUntil: '2030-01-01T00:00:00Z',
    ...wish,
  }
  const { id } = await session.done<{ id: string }>({ as: css, path: '/v1/agreements', json })
  await session.done({ as: te, path: `/v1/agreements/${id}/approve`, json: { reason: 'Agreed' } })
  const subscription = { agreement: id, mode: 'pull', start: 'earliest' }
  return (await session.done<{ id: string }>({ as: css, path: '/v1/subscriptions', json: subscription })).id
}
