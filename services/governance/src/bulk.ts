import { advancesOnly, type Fact, type Policy } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

import { requestAgreement } from './agreement.ts'
import type { Wish } from './agreement-terms.ts'
import { bodyFault } from './faults.ts'
import { knownOf } from './known.ts'

/** Institutions of one command: its facts have to fit into one record. */
export const bulkInstitutions = 200

export interface Bulk {
  readonly template: Wish & { readonly contract: string }
  readonly institutions: readonly string[]
  /** The institution that speaks. */
  readonly speaker: string
  readonly idOf: (institution: string) => string
}

export interface BulkItem {
  readonly institution: string
  readonly made?: readonly Fact[]
  readonly refused?: Problem
}

/**
 * One request per institution, all of one record: made together or not at all. A fault of the template itself is thrown; what
 * only one institution stands in the way of is told with it.
 */
export function bulkAgreements(policy: Policy, bulk: Bulk, at: Date): readonly BulkItem[] {
  const { institutions } = bulk
  const repeated = institutions.findIndex((each, index) => institutions.indexOf(each) !== index)
  if (repeated !== -1)
    throw bodyFault(`/institutions/${repeated}`, 'La institución se repite', 'The institution is named twice')
  return institutions.map((institution) => {
    try {
      return { institution, made: offered(policy, bulk, { institution, at }) }
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      return { institution, refused: within(error) }
    }
  })
}

function offered(policy: Policy, bulk: Bulk, { institution, at }: { institution: string; at: Date }): readonly Fact[] {
  const { template, speaker, idOf } = bulk
  const known = knownOf(policy, { ...template, consumer: institution })
  if (institution !== speaker && known.contract?.owner !== speaker) throw notOurs()
  if (policy.institution(institution)?.state !== 'active') throw noSuchInstitution()
  const id = idOf(institution)
  const command = { ...template, id, consumer: institution, proposer: speaker }
  return requestAgreement(policy.agreement(id), command, { known, at }).filter((fact) => !advancesOnly(fact))
}

const notOurs = (): Problem =>
  new Problem('forbidden', {
    detail: {
      es: 'Solo la institución dueña del contrato ofrece acuerdos a otras',
      en: 'Only the owner of the contract offers agreements to others',
    },
  })

const noSuchInstitution = (): Problem =>
  new Problem('state-conflict', {
    detail: { es: 'No hay una institución activa con ese id', en: 'There is no active institution with that id' },
  })

/** Pointers of the template stand below `/template`. */
function within(problem: Problem): Problem {
  const { pointer } = problem.details
  if (pointer === undefined || pointer.startsWith('/institutions')) return problem
  return new Problem(problem.code, { ...problem.details, pointer: `/template${pointer}` })
}
