import { describe, expect, test } from '@jest/globals'
import { type AgreementState, contractUsed, type Fact, Policy } from '@unavez/policy'

import { type ChangeAgreement, changeAgreement } from '../src/agreement-change.ts'
import {
  type AmendAgreement,
  amendAgreement,
  amendedWish,
  type RequestAgreement,
  requestAgreement,
  submitAgreement,
} from '../src/agreement.ts'
import { knownOf } from '../src/known.ts'
import { facts as world, type, wish as asked } from './birth-facts.ts'

const at = new Date('2026-11-22T10:00:00Z')
const wish: RequestAgreement = { ...asked, id: 'agr_1' }
const reason = 'because'

const norm: Fact = {
  type: 'norm-registered',
  aggregate: 'norm:ley-51',
  id: 'ley-51',
  name: text('Ley 51'),
  kind: 'law',
}
const procedure: Fact = {
  type: 'procedure-registered',
  aggregate: 'procedure:css.enrolment',
  id: 'css.enrolment',
  institution: 'css',
  name: text('Enrolment'),
  norm: 'ley-51',
  requirements: [],
}

const ofOther: Fact = { ...procedure, aggregate: 'procedure:te.birth', id: 'te.birth', institution: 'te' } as Fact

function text(name: string) {
  return { es: name, en: name }
}

/** One command after the other on agreement agr_1, each decided upon what the ones before led to. */
function story(...more: readonly Fact[]) {
  const facts: Fact[] = [...world, ...more]
  const policy = () => Policy.of(facts)
  const held = (of: Pick<RequestAgreement, 'legalBasis' | 'procedure'>) => ({
    known: knownOf(policy(), { consumer: 'css', contract: type, ...of }),
    at,
  })
  const run = (made: readonly Fact[]) => {
    expect(policy().readable(made)).toBe(true)
    facts.push(...made)
    return made
  }
  const state = (): AgreementState | undefined => policy().agreement('agr_1')
  return {
    state,
    history: () =>
      policy()
        .history('agreement:agr_1')
        .map((entry) => entry.type),
    ask: (changes: Partial<RequestAgreement> = {}) => {
      const command = { ...wish, ...changes }
      return run(requestAgreement(state(), command, held(command)))
    },
    submit: () => run(submitAgreement(state(), held(state() ?? wish))),
    when: (command: ChangeAgreement) => run(changeAgreement(state(), command, at)),
    amend: (changes: AmendAgreement['changes'], proposer = 'css') => {
      const present = state()
      const named = present === undefined ? wish : amendedWish(present, changes)
      return run(amendAgreement(present, { changes, proposer }, held(named)))
    },
  }
}

const approve = (by?: { institution: string; person?: string }): ChangeAgreement => ({
  change: 'approve',
  reason,
  ...(by === undefined ? {} : { by }),
})
const refused = (code: string, pointer?: string) =>
  expect.objectContaining({ code, ...(pointer === undefined ? {} : { details: expect.objectContaining({ pointer }) }) })

describe('A draft', () => {
  test('is submitted as a request, and only once', () => {
    const agreement = story()
    agreement.ask({ draft: true })
    expect(agreement.state()?.state).toBe('draft')
    agreement.submit()
    expect(agreement.state()?.state).toBe('pending')
    expect(() => agreement.submit()).toThrow(refused('state-conflict'))
    expect(agreement.history()).toEqual(['agreement-drafted', 'agreement-requested'])
  })

  test('is neither approved nor suspended, but may be ended', () => {
    const agreement = story()
    agreement.ask({ draft: true })
    expect(() => agreement.when(approve())).toThrow(refused('state-conflict'))
    expect(() => agreement.when({ change: 'suspend', reason })).toThrow(refused('state-conflict'))
    agreement.when({ change: 'end', reason })
    expect(agreement.state()?.state).toBe('ended')
  })
})

describe('An amendment', () => {
  const active = () => {
    const agreement = story()
    agreement.ask()
    agreement.when(approve())
    return agreement
  }

  test('leaves the present terms in force until it is approved, and then replaces all of them at once', () => {
    const agreement = active()
    agreement.amend({ fields: ['child'], validUntil: '2031-01-01T00:00:00Z' })
    expect(agreement.state()).toMatchObject({ version: 1, state: 'active', fields: ['child', 'birthDate'] })
    expect(agreement.when(approve())).toEqual([
      { type: 'agreement-amended', aggregate: 'agreement:agr_1', version: 2, reason },
      contractUsed(type),
    ])
    const state = agreement.state()
    expect(state).toMatchObject({ version: 2, state: 'active', fields: ['child'] })
    expect(state).toMatchObject({ validUntil: '2031-01-01T00:00:00.000Z', purpose: wish.purpose })
    expect(state?.amendment).toBeUndefined()
    expect(state?.past).toMatchObject([{ version: 1, terms: { fields: ['child', 'birthDate'] } }])
  })

  test('that is rejected leaves everything as it was, and another may be asked for', () => {
    const agreement = active()
    agreement.amend({ fields: ['child', 'mother'] })
    expect(() => agreement.amend({ fields: ['child'] })).toThrow(refused('state-conflict'))
    agreement.when({ change: 'reject', reason })
    expect(agreement.state()).toMatchObject({ version: 1, state: 'active', fields: ['child', 'birthDate'] })
    agreement.amend({ fields: ['child'] })
    expect(agreement.state()?.amendment?.version).toBe(2)
  })

  test('goes on while the agreement is suspended, and is gone once it ended', () => {
    const agreement = active()
    agreement.amend({ fields: ['child'] })
    agreement.when({ change: 'suspend', reason })
    agreement.when(approve())
    expect(agreement.state()).toMatchObject({ version: 2, state: 'suspended', fields: ['child'] })
    agreement.amend({ fields: ['mother'] })
    agreement.when({ change: 'end', reason })
    expect(agreement.state()?.amendment).toBeUndefined()
    expect(() => agreement.when(approve())).toThrow(refused('state-conflict'))
  })

  test('takes an optional term away with null', () => {
    const agreement = story()
    agreement.ask({ filter: { exact: { changetype: 'created' } }, pseudonymous: true })
    agreement.when(approve())
    expect(agreement.state()).toMatchObject({ filter: { exact: { changetype: 'created' } }, pseudonymous: ['child'] })
    agreement.amend({ filter: null, pseudonymous: null })
    agreement.when(approve())
    expect(agreement.state()).not.toHaveProperty('filter')
    expect(agreement.state()).not.toHaveProperty('pseudonymous')
  })

  test('of what is not in force, or with terms that can’t be held, is refused', () => {
    const pending = story()
    pending.ask()
    expect(() => pending.amend({ fields: ['child'] })).toThrow(refused('state-conflict'))
    const agreement = active()
    expect(() => agreement.amend({ fields: ['nothing'] })).toThrow(refused('body-invalid', '/fields/0'))
    expect(() => agreement.amend({ validUntil: '2020-01-01T00:00:00Z' })).toThrow(
      refused('body-invalid', '/validUntil'),
    )
  })
})

describe('Sensitive fields', () => {
  const sensitive = () => {
    const agreement = story()
    agreement.ask({ fields: ['child', 'weight'] })
    return agreement
  }
  const ana = { institution: 'css', person: 'ana' }
  const luis = { institution: 'te', person: 'luis' }

  test('wait for a person of each side, whoever comes first, and the agreement is approved once', () => {
    for (const [first, second] of [
      [ana, luis],
      [luis, ana],
    ] as const) {
      const agreement = sensitive()
      expect(agreement.state()?.sensitive).toEqual(['weight'])
      agreement.when(approve(first))
      expect(agreement.state()).toMatchObject({ state: 'pending', endorsements: [first] })
      agreement.when(approve(second))
      expect(agreement.state()?.state).toBe('active')
      expect(agreement.history().filter((one) => one === 'agreement-approved')).toHaveLength(1)
      expect(agreement.history().filter((one) => one === 'agreement-endorsed')).toHaveLength(2)
    }
  })

  test('are approved neither by a system nor twice by one side', () => {
    const agreement = sensitive()
    expect(() => agreement.when(approve({ institution: 'te' }))).toThrow(refused('forbidden'))
    agreement.when(approve(ana))
    expect(() => agreement.when(approve({ institution: 'css', person: 'eva' }))).toThrow(refused('state-conflict'))
    expect(agreement.state()?.state).toBe('pending')
  })

  test('that an amendment adds wait for the people again', () => {
    const agreement = story()
    agreement.ask()
    agreement.when(approve())
    agreement.amend({ fields: ['child', 'weight'] })
    agreement.when(approve(luis))
    expect(agreement.state()).toMatchObject({ version: 1, fields: ['child', 'birthDate'] })
    agreement.when(approve(ana))
    expect(agreement.state()).toMatchObject({ version: 2, fields: ['child', 'weight'], sensitive: ['weight'] })
  })
})

describe('Terms', () => {
  test.each<[string, Partial<RequestAgreement>, string]>([
    ['a pseudonym for a field that identifies no one', { pseudonymous: ['birthDate'] }, '/pseudonymous/0'],
    ['a pseudonym for a field that is not agreed', { pseudonymous: ['mother'] }, '/pseudonymous/0'],
    ['corrections that end before the agreement', { correctionsUntil: '2029-01-01T00:00:00Z' }, '/correctionsUntil'],
    ['a delay that is over', { usageDelay: { until: '2020-01-01T00:00:00Z', order: 'x' } }, '/usageDelay/until'],
    ['a filter over a field that is not agreed', { filter: { exact: { 'data.district': 'x' } } }, '/filter/exact'],
    ['a procedure of another institution', { procedure: 'te.birth' }, '/procedure'],
    ['a procedure that there is not', { procedure: 'css.nothing' }, '/procedure'],
    ['a kind that is not the norm’s', { legalBasis: { kind: 'decree', norm: 'ley-51' } }, '/legalBasis/kind'],
  ])('with %s are refused with a pointer to it', (_, changes, pointer) => {
    expect(() => story(norm, procedure, ofOther).ask(changes)).toThrow(refused('body-invalid', pointer))
  })

  test('are kept as they were agreed', () => {
    const agreement = story(norm, procedure)
    agreement.ask({
      fields: ['child', 'district'],
      legalBasis: { kind: 'law', norm: 'ley-51', article: '7' },
      procedure: 'css.enrolment',
      filter: [{ prefix: { 'data.district': 'A' } }],
      pseudonymous: ['child'],
      correctionsUntil: '2031-01-01T00:00:00Z',
      usageDelay: { until: '2027-01-01T00:00:00Z', order: 'Juzgado Primero, auto 12' },
    })
    expect(agreement.state()).toMatchObject({
      procedure: 'css.enrolment',
      filter: { all: [{ prefix: { 'data.district': 'A' } }] },
      pseudonymous: ['child'],
      correctionsUntil: '2031-01-01T00:00:00.000Z',
      usageDelay: { until: '2027-01-01T00:00:00.000Z', order: 'Juzgado Primero, auto 12' },
    })
  })
})
