import { compileFilter, type Filter, schemaIdOf } from '@unavez/contracts'
import type { Message } from '@unavez/engine'
import type { AgreementState, Policy, SubscriptionState } from '@unavez/policy'
import { Problem } from '@unavez/protocol'

import { agreedVersion, openContracts, readAs } from './agreed-version.ts'
import { type eventHeaders, textOf } from './record-headers.ts'
import type { Lens } from './shown.ts'

/** Whether an event is for a subscription; undefined if every one is. */
type Fitting = (
  subscription: SubscriptionState,
  agreement: AgreementState,
  lens: Lens,
) => ((message: Message) => boolean) | undefined

const attributeHeaders: ReadonlyMap<string, keyof typeof eventHeaders> = new Map(
  (['id', 'source', 'type', 'time', 'occurredat', 'changetype', 'previouseventid', 'causedby'] as const).map((name) => [
    name,
    name,
  ]),
)

/** Of one subscription under one version of its agreement. */
interface Compiled {
  readonly agreement: AgreementState
  readonly filters: readonly Filter[]
}

/**
 * The agreement's filter, the subscription's and the baseline, compiled once per version of both. What can't be decoded fits: it is
 * counted where it is withheld. Throws 'filter-outdated' if the subscription's filter does not fit what is agreed now.
 */
export function openFilters(policy: Policy): Fitting {
  const compiled = openContracts(policy)
  const kept = new WeakMap<SubscriptionState, Compiled>()

  return (subscription, agreement, lens) => {
    const known = kept.get(subscription)
    const filters = known?.agreement === agreement ? known.filters : filtersOf(subscription, agreement)
    kept.set(subscription, { agreement, filters })
    const isWhole = subscription.baseline === 'include'
    if (filters.length === 0 && isWhole) return undefined
    return (message) => {
      if (!isWhole && textOf(message, 'changetype') === 'baseline') return false
      try {
        return filters.every((filter) => filter.matches(seen(message, agreement, { filter, lens })))
      } catch {
        return true
      }
    }
  }

  function filtersOf(subscription: SubscriptionState, agreement: AgreementState): readonly Filter[] {
    const agreed = agreement.filter === undefined ? [] : [compiledFilter(agreement.filter, agreement)]
    if (subscription.filter === undefined) return agreed
    try {
      return [...agreed, compiledFilter(subscription.filter, agreement)]
    } catch (error) {
      throw error instanceof Problem ? new Problem('filter-outdated', { cause: error }) : error
    }
  }

  function compiledFilter(filter: object, agreement: AgreementState): Filter {
    const agreed = agreedVersion(policy, agreement)
    const fields = agreed === undefined ? [] : compiled(agreed).contract.fields
    return compileFilter(
      filter,
      fields.filter(({ name }) => agreement.fields.includes(name)),
    )
  }

  function seen(message: Message, agreement: AgreementState, { filter, lens }: { filter: Filter; lens: Lens }) {
    return {
      attribute: (name: string): string | undefined => {
        if (name === 'subject') return lens.pseudonym(textOf(message, 'subject') ?? '')
        const header = attributeHeaders.get(name)
        return header && (textOf(message, header) || undefined)
      },
      data: (): Record<string, unknown> => {
        const wire = message.value ?? Buffer.alloc(0)
        const writer = compiled(schemaIdOf(wire))
        const agreed = agreedVersion(policy, agreement)
        const reader = agreed === undefined ? writer : compiled(agreed)
        return readAs(writer, reader, filter.fields).projection.read(wire)
      },
    }
  }
}
