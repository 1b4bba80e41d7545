import { randomUUID } from 'node:crypto'

import type { Client } from '@unavez/sdk'

import type { Bus } from './bus.ts'
import { type Asked, type Answered } from './send.ts'
import { Session } from './session.ts'
import { birthContract, openWorld } from './world.ts'

export const certificateType = 'pa.gob.civil.birth-certificate.v1'
export const procedure = 'css.newborn-enrolment'
/** Looked for wherever it must not be. */
export const child = '8-123-4567'

const certificateContract = {
  type: certificateType,
  kind: 'evidence',
  domain: 'civil',
  owner: 'te',
  validity: 'P1Y',
  staleOn: [birthContract.type],
  answerWithin: 'PT1H',
  previewRequired: false,
  description: { es: 'Certificado de nacimiento', en: 'Birth certificate' },
  schema: {
    ...birthContract.schema,
    name: 'BirthCertificate',
    fields: birthContract.schema.fields.filter(({ name }) => name !== 'place'),
  },
}

const certificate = { child, birthDate: '2026-11-20', mother: '8-765-4321' }

const text = (name: string) => ({ es: name, en: name })

/** css enrols newborns and needs a proof of birth; te holds it. */
export async function evidenceWorld(bus: Bus) {
  const world = openWorld(bus)
  const session = new Session(bus)
  await world.institution('te')
  await world.institution('css')
  await world.institution('caja')
  const te = await world.system('te', 'registro', ['publisher', 'provider', 'administrator'])
  const css = await world.system('css', 'main', ['consumer', 'requester', 'administrator'])
  const caja = await world.system('caja', 'main', ['requester', 'provider', 'citizen-portal', 'administrator'])
  await offerEvidence(session, { te, css })
  const agree = (consumer: Client, owner: Client, terms: object) => agreed(session, { consumer, owner, terms })
  return { ...world, session, te, css, caja, agree }
}

/** The contract of the certificate, and the procedure that asks for it; no agreement yet. */
export async function offerEvidence(session: Session, { te, css }: { te: Client; css: Client }): Promise<void> {
  await session.done({ as: te, path: '/v1/contracts', json: certificateContract })
  await session.done({ as: te, path: `/v1/contracts/${certificateType}/publish`, method: 'POST' })
  await session.done({
    as: css,
    path: '/v1/procedures',
    json: {
      id: procedure,
      institution: 'css',
      name: text('Afiliación'),
      norm: 'Ley 51 de 2005',
      requirements: [
        {
          id: 'birth-proof',
          name: text('Prueba de nacimiento'),
          accepts: [[certificateType]],
          grounds: ['explicit-request', 'ex-officio'],
        },
      ],
    },
  })
}

interface Agreeing {
  readonly consumer: Client
  readonly owner: Client
  readonly terms: object
}

export async function agreed(session: Session, { consumer, owner, terms }: Agreeing): Promise<string> {
  const json = {
    consumer: consumer.clientId.split('.')[0],
    purpose: text('Afiliar'),
    legalBasis: { kind: 'law', norm: 'Ley 51 de 2005' },
    validUntil: '2030-01-01T00:00:00Z',
    ...terms,
  }
  const { id } = await session.done<{ id: string }>({ as: consumer, path: '/v1/agreements', json })
  await session.done({ as: owner, path: `/v1/agreements/${id}/approve`, json: { reason: 'Agreed' } })
  return id
}

export type EvidenceWorld = Awaited<ReturnType<typeof evidenceWorld>>

export const wish = {
  procedure,
  requirement: 'birth-proof',
  subject: { scheme: 'pa-cedula', id: child },
  grounds: { kind: 'ex-officio', norm: 'Ley 83 de 2012' },
  deadline: 'PT10M',
}

export const asking = (as: Client, more: object = {}, headers: Readonly<Record<string, string>> = {}): Asked => ({
  as,
  path: '/v1/evidence-requests',
  json: { ...wish, ...more },
  headers: { 'idempotency-key': randomUUID(), ...headers },
})

export const answering = (as: Client, id: string, json: object): Asked => ({
  as,
  path: `/v1/evidence-requests/${id}/answer`,
  json,
})

export const supplied = {
  outcome: 'supplied',
  evidence: { issuedAt: '2026-11-22T09:00:00Z', issuedBy: 'te', asOf: '2026-11-22T09:00:00Z' },
  data: certificate,
}

export const reading = (as: Client, id: string, query = ''): Asked => ({
  as,
  path: `/v1/evidence-requests/${id}${query}`,
  method: 'GET',
})

export const stateOf = (answered: Answered): unknown => (answered.json as { state?: unknown }).state
export const idOf = (answered: Answered): string => (answered.json as { id: string }).id
