import { type Compatibility } from '@unavez/policy'
import type { Reply, Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { levels } from './compatible.ts'
import { answer, fault, modeOf, reads, writes } from './confluent.ts'
import { contractAggregate } from './contract.ts'
import { setCompatibility } from './contract-versions.ts'
import { openSubjects } from './subjects.ts'

const params = Type.Object({ subject: Type.String({ maxLength: 300 }) })
const levelBody = Type.Object({ compatibility: Type.String({ maxLength: 40 }) })

/** Where a contract says nothing else: old schemas read what new ones write and the other way round, through all versions. */
const usual: Compatibility = 'full-transitive'

export function settingRoutes(surroundings: Surroundings): void {
  configRoutes(surroundings)
  configWriteRoutes(surroundings)
  modeRoutes(surroundings)
}

function configRoutes({ http, control }: Surroundings): void {
  const subjects = openSubjects(control.policy)
  http.route(
    reads({
      method: 'GET',
      url: '/registry/config',
      summary: 'Confluent API: compatibility, unless a subject says otherwise',
      handle: () => answer({ compatibilityLevel: levels[usual] }),
    }),
  )
  http.route(
    reads({
      method: 'GET',
      url: '/registry/config/:subject',
      summary: 'Confluent API: compatibility of a subject',
      params,
      handle({ params: { subject } }) {
        const contract = subjects.contract(subject)
        return contract === undefined ? fault(40401) : answer({ compatibilityLevel: levels[contract.compatibility] })
      },
    }),
  )
}

function configWriteRoutes({ http, control }: Surroundings): void {
  const subjects = openSubjects(control.policy)
  // Nobody sets for all contracts what each owner sets for its own: a client that asks for what holds anyway goes on.
  http.route(
    reads({
      method: 'PUT',
      url: '/registry/config',
      summary: 'Confluent API: the compatibility of all subjects, which stays; each subject has its own',
      body: levelBody,
      handle({ body: { compatibility } }) {
        const mode = modeOf(compatibility)
        if (mode === undefined) return fault(42203)
        return mode === usual ? answer({ compatibility: levels[usual] }) : fault(42205)
      },
    }),
  )
  http.route(
    writes({
      method: 'PUT',
      url: '/registry/config/:subject',
      summary: 'Confluent API: set the compatibility of a subject',
      params,
      body: levelBody,
      async handle(call): Promise<Reply> {
        const mode = modeOf(call.body.compatibility)
        const contract = subjects.contract(call.params.subject)
        if (contract === undefined) return fault(40401)
        if (mode === undefined) return fault(42203)
        const aggregate = contractAggregate(contract.type)
        const { offset } = await call.submit((policy) => ({
          facts: setCompatibility(policy.contract(contract.type), mode),
          reads: [aggregate],
        }))
        return answer({ compatibility: levels[mode] }, { at: offset })
      },
    }),
  )
  http.route(
    writes({
      method: 'DELETE',
      url: '/registry/config/:subject',
      summary: 'Confluent API: back to the usual compatibility',
      params,
      async handle(call): Promise<Reply> {
        const contract = subjects.contract(call.params.subject)
        if (contract === undefined) return fault(40401)
        const aggregate = contractAggregate(contract.type)
        const { offset } = await call.submit((policy) => ({
          facts: setCompatibility(policy.contract(contract.type), usual),
          reads: [aggregate],
        }))
        return answer({ compatibilityLevel: levels[contract.compatibility] }, { at: offset })
      },
    }),
  )
}

function modeRoutes({ http, control }: Surroundings): void {
  const subjects = openSubjects(control.policy)
  http.route(
    reads({
      method: 'GET',
      url: '/registry/mode',
      summary: 'Confluent API: versions can be registered',
      handle: () => answer({ mode: 'READWRITE' }),
    }),
  )
  http.route(
    reads({
      method: 'GET',
      url: '/registry/mode/:subject',
      summary: 'Confluent API: whether versions can be registered under a subject',
      params,
      handle({ params: { subject } }) {
        const contract = subjects.contract(subject)
        if (contract === undefined) return fault(40401)
        return answer({ mode: contract.state === 'retired' ? 'READONLY' : 'READWRITE' })
      },
    }),
  )
}
