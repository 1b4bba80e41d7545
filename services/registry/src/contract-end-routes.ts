import { contractUsers } from '@unavez/policy'
import { lifecycleHeaders, type Surroundings } from '@unavez/service-kit'

import { deprecateBody, retireBody, typeParams } from './bodies.ts'
import { contractAggregate } from './contract.ts'
import { deprecateContract, retireContract } from './contract-end.ts'
import { replies } from './replies.ts'
import { contractOf } from './routes.ts'

const owner = 'registry'

export function endRoutes({ http, control }: Surroundings): void {
  const { policy } = control
  http.route({
    method: 'POST',
    url: '/v1/contracts/:type/deprecate',
    owner,
    summary: 'Announce the end of a contract: its sunset, which only moves later',
    access: { action: 'deprecate-contract', on: contractOf },
    params: typeParams,
    body: deprecateBody,
    replies: { 200: replies.deprecated },
    async handle(call) {
      const { type } = call.params
      const aggregate = contractAggregate(type)
      const outcome = await call.submit(
        (now, at) => ({ facts: deprecateContract(now.contract(type), call.body, at), reads: [aggregate] }),
        aggregate,
      )
      const contract = policy.contract(type)
      const body = { type, state: 'deprecated', sunset: contract?.deprecation?.sunset }
      return { headers: lifecycleHeaders(contract), body, at: outcome.offset }
    },
  })
  http.route({
    method: 'POST',
    url: '/v1/contracts/:type/retire',
    owner,
    summary: 'End a contract that no pending or active agreement uses',
    access: { action: 'retire-contract', on: contractOf },
    params: typeParams,
    body: retireBody,
    replies: { 200: replies.retired },
    async handle(call) {
      const { type } = call.params
      const aggregate = contractAggregate(type)
      const outcome = await call.submit(
        (now, at) => ({
          facts: retireContract(now.contract(type), now.usersOf(type, at), call.body),
          reads: [aggregate, contractUsers(type)],
        }),
        aggregate,
      )
      return { headers: lifecycleHeaders(policy.contract(type)), body: { type, state: 'retired' }, at: outcome.offset }
    },
  })
}
