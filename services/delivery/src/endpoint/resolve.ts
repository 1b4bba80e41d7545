import type { LookupAddress } from 'node:dns'
import { lookup, Resolver } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { callbackify } from 'node:util'

import type { AddressGuard } from '@unavez/service-kit'

import { CallFailure, systemCodeOf } from './call-failure.ts'
import { Slots } from './slots.ts'

/** All addresses of a name. Rejects CallFailure. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>

const waits = { timeout: 1500, tries: 2 } as const
/** The system's own way takes a thread of four until it ends: a name server that never answers may have one of them. */
const systemLookups = 1

/** Asks the name servers; names that they don't know may stand in the system's own tables. */
export function openResolve(): Resolve {
  const resolver = new Resolver(waits)
  const slots = new Slots(systemLookups)
  return async (name) => {
    const answers = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
    const found = answers.flatMap((answer, index) =>
      answer.status === 'fulfilled' ? answer.value.map((address) => ({ address, family: index === 0 ? 4 : 6 })) : [],
    )
    if (found.length > 0) return found
    for (const answer of answers)
      if (answer.status === 'rejected' && isLate(answer.reason)) throw unresolved(answer.reason)
    return slots.during(() => lookup(name, { all: true })).catch((error: unknown) => Promise.reject(unresolved(error)))
  }
}

/** For a socket: every address that the name has must be permitted, and to one of those looked at it connects. */
export function guardedLookup(resolve: Resolve, guard: AddressGuard, protocol: string): LookupFunction {
  const permitted = callbackify(async (name: string): Promise<readonly [LookupAddress, ...LookupAddress[]]> => {
    const [first, ...rest] = await resolve(name)
    if (first === undefined) throw unresolved()
    if (![first, ...rest].every(({ address }) => guard.permits(address, protocol)))
      throw new CallFailure('address-not-allowed')
    return [first, ...rest]
  })
  return (name, { all }, callback) =>
    permitted(name, (error, addresses) => {
      if (error) callback(error, '')
      else if (all) callback(null, [...addresses])
      else callback(null, addresses[0].address, addresses[0].family)
    })
}

const isLate = (error: unknown): boolean => ['ETIMEOUT', 'ESERVFAIL'].includes(systemCodeOf(error))

const unresolved = (cause?: unknown): CallFailure => new CallFailure('name-unresolved', cause)
