import { type Fact, type Numbered, Policy, type Question, type SystemRole } from '../src/index.ts'

export const at = new Date('2026-11-22T12:00:00Z')
export const type = 'pa.gob.civil.birth-registered.v1'
const reason = 'because'

export const joined = (id: string): Fact => ({
  type: 'institution-joined',
  aggregate: `institution:${id}`,
  id,
  name: { es: id, en: id },
  country: 'PA',
})

export const registered = (clientId: string, ...roles: readonly SystemRole[]): Fact => {
  const [institution = '', id = ''] = clientId.split('.')
  return { type: 'system-registered', aggregate: `system:${clientId}`, institution, id, name: id, roles, keys: [] }
}

export const schema = { type: 'record', name: 'BirthRegistered', namespace: 'pa.gob.civil.v1', fields: [] }

export const drafted: Fact = {
  type: 'contract-drafted',
  aggregate: `contract:${type}`,
  contract: type,
  kind: 'event',
  domain: 'civil',
  owner: 'te',
  retention: 'P90D',
  description: { es: 'd', en: 'd' },
  version: 1,
  schema,
}

const numbered: Numbered = { sequence: 'schema', of: 'fingerprint' }
export const published: Fact = { type: 'contract-published', aggregate: `contract:${type}`, version: 1, numbered }

export const requested: Fact = {
  type: 'agreement-requested',
  aggregate: 'agreement:agr_1',
  id: 'agr_1',
  consumer: 'css',
  owner: 'te',
  contract: type,
  version: 1,
  purpose: { es: 'p', en: 'p' },
  legalBasis: { kind: 'law', norm: 'Ley 51 de 2005' },
  fields: ['child'],
  validUntil: '2030-01-01T00:00:00Z',
}

export const approved: Fact = { type: 'agreement-approved', aggregate: 'agreement:agr_1', reason }

export const subscribed: Fact = {
  type: 'subscription-created',
  aggregate: 'subscription:sub_1',
  id: 'sub_1',
  agreement: 'agr_1',
  consumer: 'css',
  mode: 'pull',
  start: [0, 0],
}

/** One fact about an aggregate that needs nothing but a reason. */
export const about = (type: 'institution-suspended' | 'institution-resumed', id: string): Fact => ({
  type,
  aggregate: `institution:${id}`,
  reason,
})
export const agreementIs = (type: 'agreement-suspended' | 'agreement-ended' | 'agreement-rejected'): Fact => ({
  type,
  aggregate: 'agreement:agr_1',
  reason,
})
export const systemIs = (type: 'system-suspended' | 'system-resumed', id: string): Fact => ({
  type,
  aggregate: `system:${id}`,
  reason,
})

/** What css.desk asks evidence for. */
export const offered: Fact = {
  type: 'procedure-registered',
  aggregate: 'procedure:css.enrolment',
  id: 'css.enrolment',
  institution: 'css',
  name: { es: 'Afiliación', en: 'Enrolment' },
  norm: 'Ley 51 de 2005',
  requirements: [
    {
      id: 'birth-proof',
      name: { es: 'Nacimiento', en: 'Birth' },
      accepts: [[type]],
      grounds: ['ex-officio'],
    },
  ],
}

/** te publishes births, css consumes them under an agreement, caja is a stranger. */
export const world: readonly Fact[] = [
  joined('te'),
  joined('css'),
  joined('caja'),
  registered('te.registro', 'publisher', 'provider', 'administrator'),
  registered('te.reader', 'consumer'),
  registered('css.main', 'consumer', 'administrator'),
  registered('css.desk', 'requester'),
  registered('css.portal', 'citizen-portal'),
  registered('caja.main', 'consumer', 'publisher', 'administrator'),
  drafted,
  published,
  requested,
  approved,
  subscribed,
]

export const policyAfter = (...facts: readonly Fact[]): Policy => Policy.of([...world, ...facts])

/** `speaker` is a client id. */
export const asks = (speaker: string, action: Question['action'], on: Question['on']): Question => {
  const [institution = '', system = ''] = speaker.split('.')
  return { action, actor: { institution, system }, on }
}

export const agreement = { kind: 'agreement', id: 'agr_1' } as const
export const subscription = { kind: 'subscription', id: 'sub_1' } as const
export const contract = { kind: 'contract', id: type } as const
export const bus = { kind: 'bus' } as const
export const institution = (id: string) => ({ kind: 'institution', id }) as const
export const system = (id: string) => ({ kind: 'system', id }) as const
