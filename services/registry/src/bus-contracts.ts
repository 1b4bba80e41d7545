import { bus, evolveContract, type Fact, type Policy, theBus } from '@unavez/policy'
import { contracts, type ContractDocument, type EventDocument } from '@unavez/schemas'
import type { Surroundings } from '@unavez/service-kit'

import { contractAggregate, draftContract } from './contract.ts'
import { ensureTopic } from './contract-routes.ts'
import { publishContract, registerVersion } from './contract-versions.ts'
import { fingerprintOf, schemaRules } from './schema.ts'

const isOwn = (document: ContractDocument): document is EventDocument =>
  document.kind === 'event' && document.owner === bus.id
const own = Object.values<ContractDocument>(contracts).filter(isOwn)

/**
 * The contracts of the bus's own events, registered as anyone's are. Whichever instance comes first does it, and newer code adds its versions:
 * the command's id is the same on all, and where nothing is to be done nothing is written.
 */
export async function registerBusContracts({ engine, control }: Surroundings): Promise<void> {
  for (const document of own) {
    const fingerprint = fingerprintOf(document.type, document.schema)
    await ensureTopic(engine, document)
    await control.submit({
      command: `${bus.id}.registry/${fingerprint}`,
      hash: fingerprint,
      by: theBus('registry'),
      decide: (policy) => ({ facts: registered(policy, document), reads: [contractAggregate(document.type)] }),
    })
  }
}

/** Nothing where newer code has written what this code can't read. */
function registered(policy: Policy, document: EventDocument): readonly Fact[] {
  const { type, schema } = document
  if (policy.opaque(contractAggregate(type))) return []
  const state = policy.contract(type)
  if (state !== undefined) return registerVersion(state, schema, schemaRules)
  const draft = draftContract(undefined, document, schemaRules)
  return [
    ...draft,
    ...draft.flatMap((fact) => publishContract(evolveContract(undefined, fact, undefined), schemaRules)),
  ]
}
