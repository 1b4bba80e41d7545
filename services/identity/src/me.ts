import {
  type Actor,
  type AgreementState,
  bus,
  type Policy,
  type SubscriptionState,
  type SystemState,
} from '@unavez/policy'
import { type Language, Problem, type Text } from '@unavez/protocol'
import type { Surroundings } from '@unavez/service-kit'

import { keyView } from './system-view.ts'
import { clientIdOf } from './system.ts'

const listedMax = 100
/** From when on a key is called expiring: as the first notice of it comes. */
const keyWarningMs = 30 * 86_400_000

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
          next: nextSteps({ policy, system: speaker.standing, agreements, subscriptions, at: now }).map((step) =>
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
  readonly at: Date
}

interface Step {
  readonly text: Text
  readonly request: string
}

const told = ({ text, request }: Step, language: Language) => ({ text: text[language], request })

/** Pure: what the speaker's institution would sensibly do next, the most urgent first. */
export function nextSteps(standing: Standing): readonly Step[] {
  const { policy, system, agreements, subscriptions } = standing
  const { institution, roles } = system
  const steps: Step[] = []
  if (roles.includes('administrator')) {
    steps.push(...expiringKeys(standing).slice(0, listedMax))
    steps.push(
      ...agreements
        .filter((each) => awaits(each, institution))
        .slice(0, listedMax)
        .map(({ id }) => decide(id)),
    )
    steps.push(...proposedDelegations(standing).slice(0, listedMax))
  }
  if (roles.includes('consumer')) {
    const isUnused = ({ id, contract, consumer, state }: AgreementState): boolean =>
      consumer === institution &&
      state === 'active' &&
      policy.contract(contract)?.kind === 'event' &&
      !subscriptions.some(({ agreement }) => agreement === id)
    if (agreements.some(isUnused)) steps.push(subscribe)
    if (!agreements.some(({ consumer, owner }) => consumer === institution && owner !== bus.id)) steps.push(request)
  }
  if (roles.includes('publisher') && !policy.contracts().some(({ owner }) => owner === institution)) steps.push(draft)
  return steps
}

/** Whether an agreement, or an amendment of one, waits for the word of the institution: for its own part, the other side's proposal. */
function awaits({ state, owner, consumer, proposer, amendment }: AgreementState, institution: string): boolean {
  if (owner !== institution && consumer !== institution) return false
  return amendment === undefined ? state === 'pending' && proposer !== institution : amendment.proposer !== institution
}

/** Soonest first. */
function expiringKeys({ policy, system: { institution }, at }: Standing): readonly Step[] {
  const until = at.getTime() + keyWarningMs
  return policy
    .systemsOf(institution)
    .flatMap(({ id, keys }) =>
      keys.map(({ kid, notAfter = '', revoked }) => ({ id, kid, revoked, end: Date.parse(notAfter) })),
    )
    .filter(({ revoked, end }) => revoked !== true && end > at.getTime() && end <= until)
    .toSorted((a, b) => a.end - b.end)
    .map(({ id, kid }) => renew(`/v1/institutions/${institution}/systems/${id}/keys`, kid))
}

const proposedDelegations = ({ policy, system: { institution }, at }: Standing): readonly Step[] =>
  policy.members
    .delegationsOf(institution)
    .filter(
      ({ state, proposer, until }) =>
        state === 'proposed' && proposer !== institution && at.getTime() < Date.parse(until),
    )
    .map(({ id }) => answerDelegation(id))

const decide = (agreement: string): Step => ({
  text: {
    es: 'Apruebe o rechace un acuerdo que otra institución pide',
    en: 'Approve or reject an agreement that another institution asks for',
  },
  request: `POST /v1/agreements/${agreement}/approve`,
})
const renew = (keys: string, kid: string): Step => ({
  text: {
    es: `Registre otra clave: ${kid} vence pronto`,
    en: `Register another key: ${kid} expires soon`,
  },
  request: `PUT ${keys}/{kid}`,
})
const answerDelegation = (delegation: string): Step => ({
  text: {
    es: 'Acepte o termine una delegación que otra institución propone',
    en: 'Accept or end a delegation that another institution proposes',
  },
  request: `POST /v1/delegations/${delegation}/accept`,
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
