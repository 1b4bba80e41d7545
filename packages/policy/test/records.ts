import fc from 'fast-check'

import { type Fact, type PolicyRecord, type Question, contractUsed } from '../src/index.ts'
import { approvedIs, accepted, enrolled, keyAdded, keyRevoked, left, person, proposed } from './membership-world.ts'
import { consented, paused, pushed, resumed } from './push-world.ts'
import { about, agreementIs, asks, bus, institution, published, subscription, system, type, world } from './world.ts'

const reason = 'because'

/** Facts of all kinds that make sense one after the other. */
const history: readonly Fact[] = [
  ...world,
  contractUsed(type),
  enrolled('mef'),
  approvedIs('mef'),
  keyAdded('css.main', 'k2'),
  keyRevoked('css.main', 'k2'),
  { ...person('te', 'ana', 'dpo'), login: 'l1' } as Fact,
  { ...person('css', 'eva', 'officer'), login: 'l1' } as Fact,
  { type: 'person-changed', aggregate: 'person:te/ana', login: 'l2' },
  { type: 'person-changed', aggregate: 'person:te/ana', login: 'l1', roles: [] },
  proposed,
  accepted,
  { type: 'signing-key-added', aggregate: 'signing-keys', key: { kid: 's', kty: 'OKP' } },
  { type: 'norm-registered', aggregate: 'norm:ley', id: 'ley', name: { es: 'l', en: 'l' }, kind: 'law' },
  {
    type: 'invitation-made',
    aggregate: 'invitation:i1',
    id: 'i1',
    institution: 'css',
    system: 'x',
    roles: ['consumer'],
    codeHash: 'h',
    until: '2030-01-01T00:00:00Z',
  },
  pushed,
  consented,
  paused,
  resumed,
  agreementIs('agreement-suspended'),
  { type: 'agreement-resumed', aggregate: 'agreement:agr_1', reason, backlog: 'skip', skipTo: [7, 9] },
  about('institution-suspended', 'caja'),
  left('caja'),
]

const aggregates = [...new Set([...history.map(({ aggregate }) => aggregate), 'contract:c', '__proto__', 'q'])]
const at = '2026-11-22T12:00:00Z'
const days = 24 * 60 * 60 * 1000

const sensible = fc.constantFrom(...history).map((fact) => ({ ...fact }))
const senseless = fc
  .tuple(fc.constantFrom(...history), fc.constantFrom(...aggregates), fc.jsonValue())
  .map(([fact, aggregate, more]) => ({ ...fact, aggregate, reason: more, numbered: published['numbered' as never] }))

const record = (fact: fc.Arbitrary<object>) =>
  fc.record({
    command: fc.nat({ max: 40 }).map(String),
    hash: fc.constant('h'),
    at: fc.constantFrom(at, 'no time'),
    reads: fc.dictionary(fc.constantFrom(...aggregates), fc.nat({ max: 3 }), { maxKeys: 1 }),
    facts: fc.array(fact, { maxLength: 3 }),
  })

/** A log: most of a history in its order, each fact in a record of its own, and all kinds of records in between. */
export const logs: fc.Arbitrary<readonly PolicyRecord[]> = fc
  .tuple(
    fc.subarray([...history], { minLength: 1 }),
    fc.array(fc.tuple(fc.nat({ max: 60 }), record(fc.oneof(sensible, senseless))), { maxLength: 25 }),
    fc.array(fc.nat({ max: 20 }), { minLength: 8, maxLength: 8 }),
  )
  .map(([facts, others, gaps]) => {
    const values: object[] = facts.map((fact, i) => ({ command: `c${i}`, hash: '', at, reads: {}, facts: [fact] }))
    for (const [place, other] of others) values.splice(Math.min(place, values.length), 0, other)
    let appendedMs = Date.parse(at)
    return values.map((value, offset) => {
      appendedMs += (gaps[offset % gaps.length] ?? 0) > 18 ? 12 * days : 1000
      const by = { institution: 'te', system: `te.s${offset % 3}`, ...(offset % 4 === 0 ? { person: 'ana' } : {}) }
      return {
        offset,
        appendedAt: new Date(appendedMs),
        by,
        authentic: true,
        value: Buffer.from(JSON.stringify(value)),
      }
    })
  })

export const questions: readonly Question[] = [
  asks('te.registro', 'publish', { kind: 'contract', id: type }),
  asks('css.main', 'receive', subscription),
  asks('caja.main', 'receive', subscription),
  asks('css.main', 'read-agreement', { kind: 'agreement', id: 'agr_1' }),
  asks('css.main', 'resume-agreement', { kind: 'agreement', id: 'agr_1' }),
  asks('css.main', 'subscribe', { kind: 'agreement', id: 'agr_1' }),
  asks('operator.admin', 'suspend-institution', institution('te')),
  asks('te.registro', 'manage-keys', system('te.registro')),
  asks('mef.main', 'speak', bus),
  { action: 'speak', actor: { institution: 'te', system: '', person: 'ana' }, on: bus },
  { action: 'receive', actor: { institution: 'caja', system: 'main', onBehalfOf: 'css' }, on: subscription },
]

export const namesIn = { aggregates, commands: Array.from({ length: 41 }, (_, i) => String(i)) }
