import { randomBytes } from 'node:crypto'

import { operator } from '@unavez/policy'
import { Problem, type Text } from '@unavez/protocol'
import { open, seal, shapes, type Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { addPerson, isOffice, personAggregate } from './person.ts'
import { begin } from './sign-in.ts'

const owner = 'identity'
const sealName = 'local-link'
const firstLinkMs = 24 * 60 * 60 * 1000
const linkMs = 15 * 60 * 1000
const firstPerson = 'local'

/** What a one-time link says, sealed: whom it signs in. `first`: makes the first operator, if there is none yet. */
interface Link {
  readonly id: string
  readonly institution: string
  readonly person: string
  /** Which one of those that the person's id was given to: for another one it is worth nothing. */
  readonly appointment: number
  readonly first?: true
  readonly expiresMs: number
}

type Needs = Pick<Surroundings, 'keys' | 'clock'>

function linkTo({ keys, clock }: Needs, whom: Omit<Link, 'id' | 'expiresMs'>, lifeMs: number): string {
  const expiresMs = clock.now().getTime() + lifeMs
  const link: Link = { ...whom, id: randomBytes(16).toString('base64url'), expiresMs }
  const code = seal(keys.of('session'), sealName, Buffer.from(JSON.stringify(link))).toString('base64url')
  return `/v1/session/local?code=${code}`
}

const hasOperator = ({ control }: Pick<Surroundings, 'control'>): boolean =>
  control.policy.members.peopleOf(operator.id).some(({ roles }) => roles.includes('operator'))

/** Where the bus is one process of one owner: people sign in by links that work once. No passwords, no passkeys. */
export function localAccounts(surroundings: Surroundings): void {
  const { settings, control, closing } = surroundings
  openRoute(surroundings)
  linkRoute(surroundings)
  if (settings.localAccounts === undefined) return
  const { ready, print } = settings.localAccounts
  void ready.then((url) => {
    if (closing.aborted || hasOperator({ control })) return
    const appointment = (control.policy.members.person(operator.id, firstPerson)?.appointment ?? 0) + 1
    const whom = { institution: operator.id, person: firstPerson, appointment, first: true } as const
    print(`Sign in as the first operator, once: ${url}${linkTo(surroundings, whom, firstLinkMs)}`)
  })
}

function openRoute(surroundings: Surroundings): void {
  const { http, control, engine, clock, settings } = surroundings
  http.route({
    method: 'GET',
    url: '/v1/session/local',
    owner,
    summary: 'Sign in by a one-time link',
    access: { open: true, why: 'the link is what proves' },
    query: Type.Object({ code: Type.String({ maxLength: 1000 }) }),
    async handle({ query, traceparent }) {
      if (settings.localAccounts === undefined) throw new Problem('sign-in-failed', { detail: worthless })
      const link = read(surroundings, query.code)
      await control.fresh()
      const { institution, person } = link
      const ttlMs = Math.max(1, link.expiresMs - clock.now().getTime())
      const { held } = await engine.volatile.claim(`local-link/${link.id}`, Buffer.from('1'), { ttlMs, kept: true })
      if (held !== null) throw new Problem('sign-in-failed', { detail: worthless })
      if (link.first === true) await makeFirst(surroundings, { id: link.id, traceparent })
      const state = control.policy.members.person(institution, person)
      if (state?.state !== 'active' || state.appointment !== link.appointment) {
        throw new Problem('sign-in-failed', { detail: worthless })
      }
      return begin(surroundings, { institution, person, returnTo: '/' })
    },
  })
}

function read({ keys, clock }: Needs, code: string): Link {
  try {
    const link: Link = JSON.parse(open(keys.of('session'), sealName, Buffer.from(code, 'base64url')).toString('utf8'))
    if (link.expiresMs > clock.now().getTime()) return link
  } catch {
    // Told below: of a code that is none there is nothing to tell.
  }
  throw new Problem('sign-in-failed', { detail: worthless })
}

/** If another link was faster there is an operator already, and this one is worth nothing. */
async function makeFirst(
  { control }: Surroundings,
  { id, traceparent }: { id: string; traceparent: string },
): Promise<void> {
  const aggregate = personAggregate(operator.id, firstPerson)
  await control.submit({
    command: `${operator.id}/${firstPerson}/first-${id}`,
    hash: id,
    by: { institution: operator.id, system: '', person: firstPerson },
    traceparent,
    decide: (policy) => {
      if (hasOperator({ control })) throw new Problem('sign-in-failed', { detail: worthless })
      const now = { institution: operator, person: policy.members.person(operator.id, firstPerson) }
      const command = { id: firstPerson, name: 'Operador local', roles: ['operator', 'auditor'] } as const
      return { facts: addPerson(now, command), reads: [aggregate] }
    },
  })
}

function linkRoute(surroundings: Surroundings): void {
  const { http, control, settings } = surroundings
  http.route({
    method: 'POST',
    url: '/v1/institutions/:id/people/:person/sign-in-link',
    owner,
    summary: 'A link that signs a person in, once, within 15 minutes',
    access: { action: 'manage-people', on: ({ params }) => ({ kind: 'institution', id: params['id'] ?? '' }) },
    params: Type.Object({ id: shapes.id, person: shapes.id }),
    async handle(call) {
      const { id: institution, person } = call.params
      const state = control.policy.members.person(institution, person)
      if (state?.state !== 'active' || settings.localAccounts === undefined) throw new Problem('not-found')
      if (state.roles.some(isOffice)) await call.authorize('appoint-officers', { kind: 'institution', id: institution })
      const link = linkTo(surroundings, { institution, person, appointment: state.appointment }, linkMs)
      return { status: 201, body: { url: settings.publicUrl + link } }
    },
  })
}

const worthless: Text = {
  es: 'El enlace no es válido, venció o ya se usó',
  en: 'The link is not valid, has expired or was used',
}
