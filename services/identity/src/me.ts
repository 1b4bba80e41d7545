import type { Actor, AgreementState, Policy, SubscriptionState, SystemState } from '@unavez/policy'
import { type Language, Problem, type Text } from '@unavez/protocol'
import type { Surroundings } from '@unavez/service-kit'

import { keyView } from './system-view.ts'
import { clientIdOf } from './system.ts'

const listedMax = 100

/** `GET /v1/me`: who speaks, what is in force, and what to do now. */
export function meRoute({ http, control: { policy } }: Surroundings): void {
  http.route({
    method: 'GET',
    url: '/v1/me',
    owner: 'identity',
    summary: 'Who speaks, and what to do now',
    access: { action: 'speak', on: () => ({ kind: 'bus' }) },
    handle({ actor, language, now }) {
      const institution = policy.institution(actor.institution)
      const speaker = speakerView(policy, actor, now)
      if (institution === undefined || speaker === undefined) throw new Problem('not-found')
      const agreements = policy.agreementsOf(institution.id)
      const subscriptions = policy.subscriptionsOf({ institution: institution.id })
      return {
        body: {
          institution: institution.id,
          name: institution.name,
          ...speaker.told,
          state: institution.state === 'active' ? speaker.state : institution.state,
          agreements: agreements.slice(0, listedMax).map(agreementView),
          subscriptions: subscriptions
            .slice(0, listedMax)
            .map(({ id, agreement, state }) => ({ id, agreement, state })),
          next: nextSteps({ policy, system: speaker.standing, agreements, subscriptions }).map((step) =>
            told(step, language),
          ),
        },
      }
    },
  })
}

/** A system with its keys, or a person; undefined for what policy does not know. */
function speakerView(policy: Policy, { institution, system, person }: Actor, now: Date) {
  if (person !== undefined) {
    const state = policy.members.person(institution, person)
    if (state === undefined) return undefined
    const roles = state.roles.includes('institution-admin') ? (['administrator'] as const) : []
    const told = { person, personName: state.name, roles: state.roles }
    return { told, state: state.state, standing: { institution, roles } }
  }
  const state = policy.system(clientIdOf(institution, system))
  if (state === undefined) return undefined
  const keys = state.keys.map((key) => keyView(key, now))
  const told = { system, clientId: clientIdOf(institution, system), roles: state.roles, keys }
  return { told, state: state.state, standing: state }
}

const agreementView = ({ id, contract, consumer, owner, state }: AgreementState) => ({
  id,
  contract,
  consumer,
  owner,
  state,
})

interface Standing {
  readonly policy: Policy
  readonly system: Pick<SystemState, 'institution' | 'roles'>
  readonly agreements: readonly AgreementState[]
  readonly subscriptions: readonly SubscriptionState[]
}

interface Step {
  readonly text: Text
  readonly request: string
}

const told = ({ text, request }: Step, language: Language) => ({ text: text[language], request })

/** Pure: what the speaker's institution would sensibly do next, the most urgent first. */
export function nextSteps({ policy, system, agreements, subscriptions }: Standing): readonly Step[] {
  const { institution, roles } = system
  const waiting = agreements.filter(({ owner, state }) => owner === institution && state === 'pending')
  const unused = agreements.filter(
    ({ id, consumer, state }) =>
      consumer === institution && state === 'active' && !subscriptions.some(({ agreement }) => agreement === id),
  )
  const steps: Step[] = []
  if (roles.includes('administrator')) steps.push(...waiting.slice(0, listedMax).map(({ id }) => decide(id)))
  if (roles.includes('consumer')) {
    if (unused.length > 0) steps.push(subscribe)
    if (!agreements.some(({ consumer }) => consumer === institution)) steps.push(request)
  }
  if (roles.includes('publisher') && !policy.contracts().some(({ owner }) => owner === institution)) steps.push(draft)
  return steps
}

const decide = (agreement: string): Step => ({
  text: {
    es: 'Apruebe o rechace un acuerdo que otra institución pide',
    en: 'Approve or reject an agreement that another institution asks for',
  },
  request: `POST /v1/agreements/${agreement}/approve`,
})
const subscribe: Step = {
  text: {
    es: 'Suscríbase: tiene un acuerdo activo sin suscripción',
    en: 'Subscribe: you have an active agreement without a subscription',
  },
  request: 'POST /v1/subscriptions',
}
const request: Step = {
  text: {
    es: 'Elija un contrato del catálogo y pida un acuerdo',
    en: 'Choose a contract of the catalogue and request an agreement',
  },
  request: 'POST /v1/agreements',
}
const draft: Step = {
  text: { es: 'Registre el contrato de lo que publicará', en: 'Register the contract of what you will publish' },
  request: 'POST /v1/contracts',
}
