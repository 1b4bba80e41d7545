import type { By, ControlRecord, Fact, SystemRole } from '@unavez/policy'

/** How large the registry of a country is. */
export const country = {
  institutions: 12_000,
  systems: 50_000,
  contracts: 1_000,
  versionsOfContract: 2,
  agreements: 100_000,
  subscriptions: 100_000,
} as const

// Everything is made from its number, so that questions can be asked about it without a list.

const institutionOf = (n: number): string => `mun-${(n % country.institutions).toString(36)}`
const domainOf = (n: number): string => `d${(n % country.contracts) % 24}`
export const contractOf = (n: number): string => `pa.gob.${domainOf(n)}.fact-${(n % country.contracts).toString(36)}.v1`
/** The first thousand institutions own one contract each. */
export const ownerOf = (n: number): string => institutionOf(n % country.contracts)
export const consumerAt = (n: number): string => institutionOf(7 * n + 1)
export const agreementOf = (n: number): string => `agr_${idOf(n)}`
export const subscriptionOf = (n: number): string => `sub_${idOf(n)}`
/** The first system of an institution. */
export const clientOf = (institution: string) => ({ institution, system: 's0' })

/** 26 characters, like those that the bus makes. */
const idOf = (n: number): string => {
  const head = (Math.imul(n + 1, 2_654_435_761) >>> 0).toString(32).padStart(7, 'a')
  return head + n.toString(32).padStart(19, 'q')
}

const text = (about: string) => ({ es: `Comprobar ${about} de la persona`, en: `To check ${about} of the person` })

const roles: readonly (readonly SystemRole[])[] = [
  ['publisher', 'provider', 'administrator', 'consumer'],
  ['consumer', 'requester'],
  ['consumer'],
  ['administrator', 'consumer'],
]

function joined(n: number): Fact {
  const id = institutionOf(n)
  const name = { es: `Municipio de ${id}`, en: `Municipality of ${id}` }
  return { type: 'institution-joined', aggregate: `institution:${id}`, id, name, country: 'PA', kind: 'municipal' }
}

function registered(n: number): Fact {
  const institution = institutionOf(n)
  const turn = Math.floor(n / country.institutions)
  const id = `s${turn}`
  const x = Buffer.from(`${n}`.padStart(32, 'k')).toString('base64url')
  return {
    type: 'system-registered',
    aggregate: `system:${institution}.${id}`,
    institution,
    id,
    name: `Sistema ${id} de ${institution}`,
    roles: roles[turn % roles.length] ?? [],
    keys: [{ kid: `k${n}`, kty: 'OKP', crv: 'Ed25519', x, alg: 'EdDSA' }],
  }
}

const fieldNames = Array.from({ length: 14 }, (_, i) => `field${i}`)

function drafted(n: number, version: number): Fact {
  const contract = contractOf(n)
  const field = (name: string) => ({
    name,
    type: ['null', 'string'],
    default: null,
    classification: 'personal',
    doc: `Lo que la institución sabe de ${name}, como consta en su registro`,
  })
  const person = { identifies: 'person', scheme: 'pa-cedula', role: 'key', classification: 'personal', doc: 'x' }
  const names = version === 1 ? fieldNames : [...fieldNames, 'more']
  const fields = [{ name: 'person', type: 'string', ...person }, ...names.map(field)]
  return {
    type: 'contract-drafted',
    aggregate: `contract:${contract}`,
    contract,
    kind: 'event',
    domain: domainOf(n),
    owner: ownerOf(n),
    retention: 'P90D',
    description: text(contract),
    version,
    schema: { type: 'record', name: `Fact${n.toString(36)}`, namespace: `pa.gob.${domainOf(n)}.v1`, fields },
  }
}

const published = (n: number, version: number): Fact => ({
  type: 'contract-published',
  aggregate: `contract:${contractOf(n)}`,
  version,
  numbered: { sequence: 'schema', of: `${n}/${version}`.padEnd(43, 'f') },
})

/** Purposes, bases and fields come again: agreements are made from templates, and cite the same laws. */
function requested(n: number): Fact {
  const id = agreementOf(n)
  return {
    type: 'agreement-requested',
    aggregate: `agreement:${id}`,
    id,
    consumer: consumerAt(n),
    owner: ownerOf(n),
    contract: contractOf(n),
    version: 2,
    purpose: text(`el dato ${n % 5000}`),
    legalBasis: { kind: 'law', norm: `Ley ${n % 300} de 2005`, article: `${n % 90}` },
    fields: ['person', ...fieldNames.slice(n % 5, (n % 5) + 4)],
    validUntil: '2031-01-01T00:00:00.000Z',
  }
}

function approved(n: number): Fact {
  const reason = n % 3 === 0 ? `Dictamen ${n} de 2026` : 'Aprobado'
  return { type: 'agreement-approved', aggregate: `agreement:${agreementOf(n)}`, reason }
}

const subscribed = (n: number): Fact => ({
  type: 'subscription-created',
  aggregate: `subscription:${subscriptionOf(n)}`,
  id: subscriptionOf(n),
  agreement: agreementOf(n),
  consumer: consumerAt(n),
  mode: 'pull',
  start: Array.from({ length: 12 }, (_, i) => Math.imul(n, i + 1) & 0xffff),
})

/** By whom, and the facts of one record each. */
function* decisions(): Generator<readonly [by: string, facts: readonly Fact[]]> {
  for (let n = 0; n < country.institutions; n++) yield ['operator', [joined(n)]]
  for (let n = 0; n < country.systems; n++) yield [institutionOf(n), [registered(n)]]
  for (let n = 0; n < country.contracts; n++) {
    for (let version = 1; version <= country.versionsOfContract; version++) {
      yield [ownerOf(n), [drafted(n, version)]]
      yield [ownerOf(n), [published(n, version)]]
    }
  }
  for (let n = 0; n < country.agreements; n++) {
    yield [consumerAt(n), [requested(n), { type: 'contract-used', aggregate: `contract-users:${contractOf(n)}` }]]
    yield [ownerOf(n), [approved(n)]]
  }
  for (let n = 0; n < country.subscriptions; n++) yield [consumerAt(n), [subscribed(n)]]
}

/** The records of a country's `control`, all of them remembered as if they were given in these 35 days: the worst case. */
export function* countryRecords(atMs: number): Generator<{ readonly record: ControlRecord; readonly by: By }> {
  const at = new Date(atMs).toISOString()
  let n = 0
  for (const [institution, facts] of decisions()) {
    const by = { institution, system: 's0' }
    const command = `${institution}.s0/${idOf(n)}-${n.toString(16).padStart(12, '0')}`
    const hash = Buffer.from(String(n).padEnd(32, 'h')).toString('base64url')
    yield { record: { command, hash, at, reads: {}, facts }, by }
    n += 1
  }
}
