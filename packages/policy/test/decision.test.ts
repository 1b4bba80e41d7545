import { describe, expect, test } from '@jest/globals'
import { problems } from '@unavez/protocol'
import fc from 'fast-check'

import {
  actions,
  authorize,
  type Decision,
  type DecisionReason,
  decodeDecision,
  encodeDecision,
  evidenceTarget,
  type Fact,
  Policy,
  type Question,
  reasons,
  rulesVersion,
} from '../src/index.ts'
import { membershipCases } from './membership-world.ts'
import { blocked, consented, pushed, pushing } from './push-world.ts'
import {
  about,
  agreement,
  agreementIs,
  approved,
  asks,
  at,
  bus,
  contract,
  drafted,
  institution,
  policyAfter,
  offered,
  published,
  requested,
  subscribed,
  subscription,
  systemIs,
  type,
  world,
} from './world.ts'

const without = (fact: Fact) => Policy.of(world.filter((each) => each !== fact))
const replaced = (fact: Fact, by: Fact) => Policy.of(world.map((each) => (each === fact ? by : each)))
const receive = asks('css.main', 'receive', subscription)
const publish = asks('te.registro', 'publish', contract)
const aggregate = 'subscription:sub_1'

function after(by: string, fact: object): Policy {
  const policy = policyAfter()
  const value = Buffer.from(JSON.stringify({ command: 'n', hash: '', reads: {}, facts: [fact] }))
  const record = { offset: policy.offset, appendedAt: at, by: { institution: by, system: '' }, authentic: true, value }
  policy.apply(record)
  return policy
}
const filtered = (filter: object): Fact => ({ type: 'subscription-filter-set', aggregate, filter })
const suspendedBy = (institution: string) => after(institution, agreementIs('agreement-suspended'))
const tooNew = () => after('', { type: 'novel', aggregate: 'agreement:agr_1' })

/** A case in which each reason is given, and where a remedy lies within the bus, the policy once it was applied. */
const cases: Readonly<Record<keyof typeof reasons, readonly [Policy, Question, Policy?]>> = {
  'institution-suspended': [
    policyAfter(about('institution-suspended', 'css')),
    receive,
    policyAfter(about('institution-suspended', 'css'), about('institution-resumed', 'css')),
  ],
  'system-suspended': [
    policyAfter(systemIs('system-suspended', 'css.main')),
    receive,
    policyAfter(systemIs('system-suspended', 'css.main'), systemIs('system-resumed', 'css.main')),
  ],
  'speaker-unknown': [policyAfter(), asks('mef.main', 'speak', bus)],
  'policy-too-new': [tooNew(), receive, policyAfter()],
  'role-missing': [policyAfter(), asks('te.reader', 'publish', contract)],
  'operator-only': [policyAfter(), asks('te.registro', 'create-institution', bus)],
  'operator-stays': [policyAfter(), asks('operator.admin', 'suspend-institution', institution('operator'))],
  'contract-owner': [policyAfter(), asks('caja.main', 'publish', contract)],
  'contract-not-published': [without(published), publish, policyAfter()],
  'contract-retired': [
    policyAfter(agreementIs('agreement-ended'), { type: 'contract-retired', aggregate: `contract:${type}` }),
    publish,
  ],
  'contract-not-event': [replaced(drafted, { ...drafted, kind: 'evidence' } as Fact), publish, policyAfter()],
  'agreement-missing': [
    Policy.of([...world.filter((each) => each !== requested && each !== approved && each !== subscribed), offered]),
    asks(
      'css.desk',
      'request',
      evidenceTarget({ procedure: 'css.enrolment', requirement: 'birth-proof', evidenceType: type }),
    ),
    policyAfter(offered),
  ],
  'agreement-none': [without(approved), asks('css.main', 'read-pseudonyms', institution('css')), policyAfter()],
  'agreement-draft': [
    Policy.of([
      ...world.filter((fact) => fact !== approved && fact !== requested),
      { ...requested, type: 'agreement-drafted' } as Fact,
    ]),
    asks('css.main', 'subscribe', agreement),
    policyAfter(),
  ],
  'dpo-needed': [
    Policy.of([
      ...world.filter((fact) => fact !== approved && fact !== requested),
      { ...requested, sensitive: ['child'] } as Fact,
    ]),
    asks('te.registro', 'approve-agreement', agreement),
  ],
  'parties-only': [policyAfter(), asks('operator.admin', 'amend-agreement', agreement)],
  'procedure-owner': [policyAfter(), asks('te.registro', 'register-procedure', institution('css'))],
  'agreement-pending': [without(approved), receive, policyAfter()],
  'agreement-suspended': [
    policyAfter(agreementIs('agreement-suspended')),
    receive,
    policyAfter(agreementIs('agreement-suspended'), {
      type: 'agreement-resumed',
      aggregate: 'agreement:agr_1',
      reason: '',
      backlog: 'deliver',
    }),
  ],
  'agreement-over': [policyAfter(agreementIs('agreement-ended')), receive],
  'agreement-not-yet-valid': [
    replaced(requested, { ...requested, validFrom: '2029-01-01T00:00:00Z' } as Fact),
    receive,
  ],
  'agreement-expired': [replaced(requested, { ...requested, validUntil: '2026-01-01T00:00:00Z' } as Fact), receive],
  'owner-suspended': [
    policyAfter(about('institution-suspended', 'te')),
    receive,
    policyAfter(about('institution-suspended', 'te'), about('institution-resumed', 'te')),
  ],
  'consumer-only': [policyAfter(), asks('te.reader', 'subscribe', agreement)],
  'owner-only': [policyAfter(), asks('css.main', 'approve-agreement', agreement)],
  'suspended-by-other': [suspendedBy('te'), asks('css.main', 'resume-agreement', agreement), suspendedBy('css')],
  'subscription-paused': [
    policyAfter({ type: 'subscription-paused', aggregate }),
    receive,
    policyAfter(
      { type: 'subscription-paused', aggregate },
      { type: 'subscription-resumed', aggregate, backlog: 'deliver' },
    ),
  ],
  'subscription-awaiting-consent': [
    policyAfter(pushed),
    asks('css.main', 'receive', pushing),
    policyAfter(pushed, consented),
  ],
  'subscription-filter-outdated': [
    policyAfter(filtered({ exact: { 'data.mother': 'x' } })),
    receive,
    policyAfter(filtered({ exact: { 'data.mother': 'x' } }), filtered({ prefix: { 'data.child': 'x' } })),
  ],
  'subscription-blocked': [
    policyAfter(pushed, consented, blocked),
    asks('css.main', 'receive', pushing),
    policyAfter(pushed, consented, blocked, {
      type: 'subscription-resumed',
      aggregate: pushed.aggregate,
      backlog: 'deliver',
    }),
  ],
  'subscription-ended': [policyAfter({ type: 'subscription-ended', aggregate }), receive],
  ...membershipCases,
}

describe('P11: every no explains itself', () => {
  test.each(Object.entries(cases))(
    'P11: %s tells why, what to do, and who can grant it, in both languages',
    (code, [policy, question, remedied]) => {
      const entry = Object.entries(reasons).find(([each]) => each === code)?.[1]
      const decision = authorize(policy, question, at)
      const reason = decision.reasons.find(({ text }) => text === entry?.text)
      expect(decision).toMatchObject({ allowed: false, hidden: false, controlOffset: policy.offset, at, rulesVersion })
      expect(reason).toBeDefined()
      expect(Object.values(sentencesOf(reason)).filter((sentence) => !/^\p{Lu}.{10,}[^.]$/u.test(sentence))).toEqual([])
      expect(reason?.whoCanGrant.length).toBeGreaterThan(0)
      expect(Object.keys(problems)).toContain(entry?.problem)
      expect(remedied === undefined || authorize(remedied, question, at).allowed).toBe(true)
    },
  )

  test('P11: whatever is refused is either hidden or has reasons, and a yes has none', () => {
    const speakers = ['te.registro', 'te.reader', 'css.main', 'css.portal', 'caja.main', 'operator.admin', 'no.one']
    const targets = [bus, contract, agreement, subscription, institution('te'), institution('none')]
    for (const action of actions) {
      for (const speaker of speakers) {
        for (const on of targets) {
          const { allowed, hidden, reasons, rule } = authorize(policyAfter(), asks(speaker, action, on), at)
          expect([allowed, hidden, reasons.length > 0].filter(Boolean)).toHaveLength(1)
          expect(rule).toMatch(/^[a-z-]+$/)
        }
      }
    }
  })
})

const sentencesOf = (reason: DecisionReason | undefined): readonly string[] =>
  reason === undefined ? [] : [reason.text.es, reason.text.en, reason.remedy.es, reason.remedy.en]

describe('the id of a decision', () => {
  const key = Buffer.alloc(32, 7)
  const decided = (question: Question): Decision => authorize(policyAfter(), question, at)

  test('P11: holds what the decision is recomputed from, and recomputing gives the same', () => {
    for (const question of [receive, publish, asks('te.registro', 'create-institution', bus)]) {
      const decision = decided(question)
      const id = encodeDecision(key, question, decision)
      expect(id).toMatch(/^dec_[\w-]{50,400}$/)
      const decoded = decodeDecision(key, id)
      expect(decoded).toEqual({ question, controlOffset: decision.controlOffset, at, rulesVersion })
      expect(authorize(policyAfter(), question, decoded?.at ?? new Date(0))).toEqual(decision)
    }
  })

  test('is refused once any part of it was changed, or under another key', () => {
    const id = encodeDecision(key, receive, decided(receive))
    expect(decodeDecision(Buffer.alloc(32, 8), id)).toBeUndefined()
    const position = fc.integer({ min: 0, max: id.length - 1 })
    const letter = fc.constantFrom('A', 'B', 'e', '0', '9', '-', '_', '=', '.')
    fc.assert(
      fc.property(position, letter, (index, to) => {
        const changed = id.slice(0, index) + to + id.slice(index + 1)
        return changed === id || decodeDecision(key, changed) === undefined
      }),
    )
  })

  test('any other text is no decision', () => {
    fc.assert(
      fc.property(
        fc.string(),
        (text) => decodeDecision(key, `dec_${text}`) === undefined && decodeDecision(key, text) === undefined,
      ),
    )
    expect(decodeDecision(key, `dec_${'A'.repeat(100_000)}`)).toBeUndefined()
  })
})
