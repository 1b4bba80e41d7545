import type { Binding } from '@unavez/exchange'
import { Problem } from '@unavez/protocol'

import type { Candidate } from './offered.ts'

/** The binding, if the event is the one that is bound. Refuses another payload. */
export function bound<B extends Binding>(event: Candidate, binding: B): B {
  boundTo(event, binding)
  return binding
}

/** The event by the version that its id is bound to. Refuses another payload. */
export function boundTo(event: Candidate, binding: Binding): Candidate {
  let same: Candidate
  try {
    same = event.version === binding.version ? event : event.by(binding.version)
  } catch {
    throw new Problem('event-id-reused', { pointer: '/id' })
  }
  if (same.hash !== binding.hash) throw new Problem('event-id-reused', { pointer: '/id' })
  return same
}

export function isSame(event: Candidate, binding: Binding): boolean {
  try {
    boundTo(event, binding)
    return true
  } catch {
    return false
  }
}

/** Where it was claimed, even if its subject has been joined to another one since: that is where it may stand already. */
export const inPartition = (event: Candidate, partition: number): Candidate =>
  event.message.partition === partition ? event : { ...event, message: { ...event.message, partition } }
