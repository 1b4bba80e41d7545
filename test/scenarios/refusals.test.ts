import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type ReasonCode, reasons } from '@unavez/policy'
import type { Language, ProblemDocument, Reason } from '@unavez/protocol'
import type { Client } from '@unavez/sdk'

import { type Answered, type Asked, problemIn } from '../setup/ask.ts'
import { assessmentContract, assessmentOf, assessmentType } from '../setup/assessment.ts'
import { type Bus, combinations } from '../setup/bus.ts'
import { type Refused, unreachable } from '../setup/reasons.ts'
import { governanceRefusals } from '../setup/governance-refusals.ts'
import { membershipRefusals } from '../setup/membership-refusals.ts'
import { openPeople, type People } from '../setup/people.ts'
import { change, publishing, pulling, Session, subscribing } from '../setup/session.ts'
import { subscriptionRefusals } from '../setup/subscription-refusals.ts'
import { birthOf, birthType, birthWorld } from '../setup/world.ts'

const languages: readonly Language[] = ['es', 'en']
const week = 7 * 86_400_000
const soonMs = 8_000

describe.each(combinations)('Every no explains itself ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  let mides: Client
  let session: Session
  let people: People
  let early: { readonly agreement: string; readonly request: Asked; readonly answered: Answered }
  let late: { readonly agreement: string; readonly subscription: string }

  beforeAll(async () => {
    people = await openPeople()
    bus = await open(people.environment)
    session = new Session(bus)
    world = await birthWorld(bus)
    await world.institution('mides')
    mides = await world.system('mides', 'main', ['consumer', 'administrator'])
    const soon = new Date(Date.now() + soonMs).toISOString()
    late = await subscribed(await agreed({ validUntil: soon }))
    const agreement = await agreed({ validFrom: new Date(Date.now() + soonMs).toISOString() })
    const request = subscribing(agreement, world.css)
    early = { agreement, request, answered: await session.told(request) }
  })
  afterAll(async () => {
    await bus?.close()
    await people?.close()
  })

  async function asked(more: object = {}): Promise<string> {
    const wish = {
      consumer: 'css',
      contract: birthType,
      purpose: { es: 'Afiliar', en: 'Enrol' },
      legalBasis: { kind: 'law', norm: 'Ley 51 de 2005' },
      fields: ['child'],
      validUntil: new Date(Date.now() + week).toISOString(),
      ...more,
    }
    return (await session.done<{ id: string }>({ as: world.css, path: '/v1/agreements', json: wish })).id
  }
  async function agreed(more: object = {}): Promise<string> {
    const agreement = await asked(more)
    await session.done(change(world.te, `/v1/agreements/${agreement}/approve`))
    return agreement
  }
  async function subscribed(agreement: string): Promise<{ agreement: string; subscription: string }> {
    return { agreement, subscription: (await session.done<{ id: string }>(subscribing(agreement, world.css))).id }
  }
  const draft = (type: string, as: Client): Asked => {
    const name = 'AssessmentPaid'
    return {
      as,
      path: '/v1/contracts',
      json: { ...assessmentContract, type, schema: { ...assessmentContract.schema, name } },
    }
  }

  let one: { agreement: string; subscription: string }
  const fresh = async (): Promise<{ agreement: string; subscription: string }> =>
    (one = await subscribed(await agreed()))

  const cases: Partial<Record<ReasonCode, () => Refused>> = {
    ...subscriptionRefusals(async (fields) => ({ session, world, agreement: await agreed({ fields }) })),
    ...governanceRefusals(() => ({ bus, session, world, people, asked, agreed })),
    ...membershipRefusals(() => ({ bus, session, world, people, asked, agreed })),
    'institution-suspended': () => suspension('/v1/institutions/mides', ['operator']),
    'system-suspended': () => suspension('/v1/institutions/mides/systems/main', ['mides', 'operator']),
    'role-missing': () => ({
      begin: () => publishing(mides, { ...birthOf('x', '8-1-1'), type: 'pa.gob.civil.unknown.v1' }),
      whoCanGrant: ['mides'],
      remedy: async () => {
        const speaker = await world.system('te', 'second', ['publisher'])
        return publishing(speaker, birthOf('by-another-system', '8-1-1'))
      },
    }),
    'operator-only': () => {
      const json = { id: 'anati', name: { es: 'ANATI', en: 'ANATI' }, country: 'PA' }
      const path = '/v1/institutions'
      return {
        begin: () => ({ as: world.te, path, json }),
        whoCanGrant: ['operator'],
        remedy: () => Promise.resolve({ as: bus.operator, path, json }),
      }
    },
    'operator-stays': () => ({
      begin: () => change(bus.operator, '/v1/institutions/operator/suspend'),
      whoCanGrant: ['operator'],
    }),
    'contract-owner': () => ({
      begin: () => draft(assessmentType.replace('issued', 'paid'), world.css),
      whoCanGrant: ['te'],
      remedy: () => Promise.resolve(draft(assessmentType.replace('issued', 'paid'), world.te)),
    }),
    'contract-not-published': () => ({
      begin: async () => {
        await session.done({ as: world.te, path: '/v1/contracts', json: assessmentContract })
        return publishing(world.te, { ...birthOf('first', '8-1-1'), type: assessmentType, data: assessmentOf() })
      },
      whoCanGrant: ['te'],
      remedy: async () => {
        await session.done({ as: world.te, method: 'POST', path: `/v1/contracts/${assessmentType}/publish` })
        return undefined
      },
    }),
    'agreement-none': () => {
      const json = { scheme: 'pa-cedula', ids: ['8-1-1'] }
      return {
        begin: () => ({ as: mides, path: '/v1/pseudonyms', json }),
        whoCanGrant: ['mides'],
        remedy: () => Promise.resolve({ as: world.css, path: '/v1/pseudonyms', json }),
      }
    },
    'agreement-pending': () => ({
      begin: async () => subscribing((one = { agreement: await asked(), subscription: '' }).agreement, world.css),
      whoCanGrant: ['te'],
      remedy: () => session.done(change(world.te, `/v1/agreements/${one.agreement}/approve`)).then(() => undefined),
    }),
    'agreement-suspended': () => ({
      begin: async () => {
        const { agreement, subscription } = await fresh()
        await session.done(change(world.te, `/v1/agreements/${agreement}/suspend`))
        return pulling(subscription, world.css)
      },
      whoCanGrant: ['css', 'te', 'operator'],
      remedy: () => session.done(change(world.te, `/v1/agreements/${one.agreement}/resume`)).then(() => undefined),
    }),
    'agreement-over': () => ({
      begin: async () => {
        const { agreement, subscription } = await fresh()
        await session.done(change(world.css, `/v1/agreements/${agreement}/end`))
        return pulling(subscription, world.css)
      },
      whoCanGrant: ['css', 'te'],
      remedy: async () => pulling((await fresh()).subscription, world.css),
    }),
    'owner-suspended': () => ({
      begin: async () => {
        const { subscription } = await fresh()
        await session.done(change(bus.operator, '/v1/institutions/te/suspend'))
        return pulling(subscription, world.css)
      },
      whoCanGrant: ['operator'],
      remedy: () => session.done(change(bus.operator, '/v1/institutions/te/resume')).then(() => undefined),
    }),
    'consumer-only': () => ({
      begin: async () => ({ as: world.te, path: `/v1/subscriptions/${(await fresh()).subscription}/pause`, json: {} }),
      whoCanGrant: ['css'],
      remedy: () => Promise.resolve({ as: world.css, path: `/v1/subscriptions/${one.subscription}/pause`, json: {} }),
    }),
    'owner-only': () => ({
      begin: async () =>
        change(world.css, `/v1/agreements/${(one = { agreement: await asked(), subscription: '' }).agreement}/approve`),
      whoCanGrant: ['te'],
      remedy: () => Promise.resolve(change(world.te, `/v1/agreements/${one.agreement}/approve`)),
    }),
    'suspended-by-other': () => ({
      begin: async () => {
        const { agreement } = await fresh()
        await session.done(change(world.te, `/v1/agreements/${agreement}/suspend`))
        return change(world.css, `/v1/agreements/${agreement}/resume`)
      },
      whoCanGrant: ['te'],
      remedy: () => Promise.resolve(change(world.te, `/v1/agreements/${one.agreement}/resume`)),
    }),
    'subscription-paused': () => ({
      begin: async () => {
        await session.done({ as: world.css, path: `/v1/subscriptions/${(await fresh()).subscription}/pause`, json: {} })
        return pulling(one.subscription, world.css)
      },
      whoCanGrant: ['css'],
      remedy: () =>
        session
          .done({ as: world.css, path: `/v1/subscriptions/${one.subscription}/resume`, json: {} })
          .then(() => undefined),
    }),
    'subscription-ended': () => ({
      begin: async () => {
        await session.done({
          as: world.css,
          method: 'DELETE',
          path: `/v1/subscriptions/${(await fresh()).subscription}`,
        })
        return pulling(one.subscription, world.css)
      },
      whoCanGrant: ['css'],
      remedy: async () => pulling((await subscribed(one.agreement)).subscription, world.css),
    }),
    'agreement-not-yet-valid': () => ({
      begin: () => early.request,
      whoCanGrant: ['css', 'te'],
      remedy: () => session.until(early.request, 201).then(() => undefined),
    }),
    'agreement-expired': () => ({
      begin: () => session.until(pulling(late.subscription, world.css), 403),
      whoCanGrant: ['css', 'te'],
      remedy: async () => pulling((await fresh()).subscription, world.css),
    }),
  }

  function suspension(path: string, whoCanGrant: readonly string[]): Refused {
    return {
      begin: async () => {
        await mides.token()
        await session.done(change(bus.operator, `${path}/suspend`))
        return { as: mides, path: '/v1/agreements' }
      },
      whoCanGrant,
      remedy: () => session.done(change(bus.operator, `${path}/resume`)).then(() => undefined),
    }
  }

  interface Told {
    readonly id: string
    readonly allowed: boolean
    readonly reasons: readonly Reason[]
  }

  async function explained(problem: ProblemDocument, code: ReasonCode, whoCanGrant: readonly string[]): Promise<Told> {
    let last: Told | undefined
    for (const language of languages) {
      const headers = { 'accept-language': language }
      const decision = await session.done<Told>({
        as: bus.operator,
        path: `/v1/decisions/${problem.decision}`,
        headers,
      })
      expect(decision).toMatchObject({
        id: problem.decision,
        allowed: false,
        rule: expect.any(String),
        rulesVersion: 1,
      })
      const { text, remedy } = reasons[code]
      const expected = { text: text[language], remedy: remedy[language], whoCanGrant: [...new Set(whoCanGrant)] }
      expect(decision.reasons).toContainEqual({ code: problem.code === 'forbidden' ? code : problem.code, ...expected })
      last = decision
    }
    return last as Told
  }

  test('every reason of the catalogue is either met here, or can not be met and says why', () => {
    const told = [...Object.keys(cases), ...Object.keys(unreachable)]
    expect(told.toSorted()).toEqual(Object.keys(reasons).toSorted())
  })

  test.each(Object.keys(cases) as ReasonCode[])('P11: %s: message, remedy applied, then allowed', async (code) => {
    const { begin, whoCanGrant, remedy } = cases[code]?.() ?? {
      begin: () => Promise.reject(new Error(code)),
      whoCanGrant: [],
    }
    const request = await begin()
    let problem: ProblemDocument | undefined
    for (const language of languages) {
      const isEarly = code === 'agreement-not-yet-valid'
      const answered = isEarly
        ? early.answered
        : await session.told({ ...request, headers: { ...request.headers, 'accept-language': language } })
      const told403 = isEarly ? 'es' : language
      problem = problemIn(answered, reasons[code].problem)
      expect(answered.headers.get('content-language')).toBe(told403)
      expect(problem).toMatchObject({
        status: 403,
        detail: reasons[code].text[told403],
        remedy: reasons[code].remedy[told403],
        whoCanGrant,
        decision: expect.stringMatching(/^dec_[A-Za-z0-9_-]+$/),
      })
    }
    if (problem === undefined) return
    const before = await explained(problem, code, whoCanGrant)
    if (remedy === undefined) return
    const allowed = (await remedy()) ?? request
    if (code !== 'agreement-not-yet-valid') await session.done(allowed)
    expect(await explained(problem, code, whoCanGrant)).toEqual(before)
  })
})
