import type { ReasonCode } from '@unavez/policy'

import type { Asked } from './ask.ts'
import { appealContract, assessmentOf, revocationContract } from './assessment.ts'
import type { Bus } from './bus.ts'
import { asking, certificateType, offerEvidence, procedure } from './evidence-world.ts'
import type { People } from './people.ts'
import type { Refused } from './reasons.ts'
import { change, publishing, type Session, subscribing } from './session.ts'
import { birthOf, type birthWorld } from './world.ts'

/** The world of the worked example: css asks te for agreements on births, or as told. */
export interface Ground {
  readonly bus: Bus
  readonly session: Session
  readonly world: Awaited<ReturnType<typeof birthWorld>>
  readonly people: People
  readonly asked: (more?: object) => Promise<string>
  readonly agreed: (more?: object) => Promise<string>
}

/** What agreements, contracts and procedures are refused for. */
export function governanceRefusals(ground: () => Ground): Partial<Record<ReasonCode, () => Refused>> {
  let offered: Promise<void> | undefined
  const evidence = (): Promise<void> => (offered ??= offerEvidence(ground().session, ground().world))
  let agreement: string
  const approval = (): Asked => change(ground().world.te, `/v1/agreements/${agreement}/approve`)
  return {
    'agreement-draft': () => ({
      begin: async () => subscribing((agreement = await ground().asked({ draft: true })), ground().world.css),
      whoCanGrant: ['css'],
      remedy: async () => {
        const { session, world } = ground()
        await session.done({ as: world.css, method: 'POST', path: `/v1/agreements/${agreement}/submit` })
        await session.done(approval())
        return undefined
      },
    }),
    'agreement-missing': () => ({
      begin: async () => {
        await evidence()
        return asking(ground().world.css)
      },
      whoCanGrant: ['te'],
      remedy: () =>
        ground()
          .agreed({ contract: certificateType, procedure, fields: ['child', 'birthDate'] })
          .then(() => undefined),
    }),
    'contract-not-event': () => ({
      begin: async () => {
        await evidence()
        return publishing(ground().world.te, { ...birthOf('no-event', '8-1-1'), type: certificateType })
      },
      whoCanGrant: ['te'],
      remedy: () => Promise.resolve(publishing(ground().world.te, birthOf('an-event', '8-1-1'))),
    }),
    'contract-retired': () => ({
      begin: async () => {
        const { session, world } = ground()
        await world.contract(world.te, revocationContract)
        await session.done(change(world.te, `/v1/contracts/${revocationContract.type}/retire`))
        return publishing(world.te, {
          ...birthOf('too-late', '8-1-1'),
          type: revocationContract.type,
          data: assessmentOf(),
        })
      },
      whoCanGrant: ['te'],
      remedy: () => Promise.resolve(publishing(ground().world.te, birthOf('by-another-contract', '8-1-1'))),
    }),
    'dpo-needed': () => ({
      begin: async () => {
        const { world, asked } = ground()
        await world.contract(world.te, appealContract)
        agreement = await asked({ contract: appealContract.type, fields: ['person', 'grounds'] })
        return approval()
      },
      whoCanGrant: ['te'],
      remedy: async () => {
        const { bus, session, world, people } = ground()
        await people.add(session, world.te, { id: 'protector', roles: ['dpo'] })
        const headers = { ...(await people.signIn(bus, 'protector')) }
        const { path, json } = approval()
        return { path, json, headers }
      },
    }),
    'parties-only': () => ({
      begin: async () => {
        const { bus, agreed } = ground()
        agreement = await agreed()
        return amending(bus.operator)
      },
      whoCanGrant: ['css', 'te'],
      remedy: () => Promise.resolve(amending(ground().world.css)),
    }),
    'procedure-owner': () => ({
      begin: () => offering(ground().world.te),
      whoCanGrant: ['css'],
      remedy: () => Promise.resolve(offering(ground().world.css)),
    }),
  }

  function amending(as: Bus['operator']): Asked {
    const json = { validUntil: '2029-01-01T00:00:00Z', reason: 'Shorter' }
    return { as, path: `/v1/agreements/${agreement}/amend`, json }
  }
}

const offering = (as: Bus['operator']): Asked => ({
  as,
  path: '/v1/procedures',
  json: {
    id: 'css.pension',
    institution: 'css',
    name: { es: 'Pensión', en: 'Pension' },
    norm: 'Ley 51 de 2005',
    requirements: [],
  },
})
