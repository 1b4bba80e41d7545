import { compileFilter, type Filter, schemaIdOf } from '@unavez/contracts'
import type { Engine, Message } from '@unavez/engine'
import type { AgreementState, Policy } from '@unavez/policy'

import { agreedVersion, openContracts, readAs } from './agreed-version.ts'
import { Corrections } from './corrections.ts'
import { type eventHeaders, textOf } from './record-headers.ts'
import type { Lens } from './shown.ts'

/** Names the offsets of these messages that the agreement keeps out: by its filter, or because they are about another subject. */
export type Sieve = (messages: readonly Message[]) => Promise<ReadonlySet<number>>

const attributeHeaders: ReadonlyMap<string, keyof typeof eventHeaders> = new Map(
  (['id', 'source', 'type', 'time', 'occurredat', 'changetype', 'previouseventid', 'causedby'] as const).map((name) => [
    name,
    name,
  ]),
)

/**
 * Filters of agreements, compiled once per version. Nothing passes an agreement that is about one subject alone. What corrects an event follows it, even if it no longer fits the filter
 * itself; what can't be decoded is not kept out here, so that it is counted where it is withheld.
 */
export function openSieves(engine: Pick<Engine, 'log' | 'views'>, policy: Policy) {
  const compiled = openContracts(policy)
  const filters = new WeakMap<AgreementState, Filter>()

  return (agreement: AgreementState, lens: Lens): Sieve | undefined => {
    const { only } = lens
    if (agreement.filter === undefined && only === undefined) return undefined
    const fits = fitting(agreement, lens)
    return async (messages) => {
      const out = new Set<number>()
      const corrections = new Corrections(engine)
      for (const message of messages) {
        if (textOf(message, 'type') !== agreement.contract) continue
        const isForeign = only !== undefined && textOf(message, 'subject') !== only
        if (isForeign || !(fits(message) || (await corrections.ofFitting(message, fits)))) out.add(message.offset)
      }
      return out
    }
  }

  function fitting(agreement: AgreementState, lens: Lens): (message: Message) => boolean {
    if (agreement.filter === undefined) return () => true
    const filter = filters.get(agreement) ?? filterOf(agreement)
    filters.set(agreement, filter)
    return (message) => {
      try {
        return filter.matches(seen(message, agreement, { filter, lens }))
      } catch {
        return true
      }
    }
  }

  function filterOf(agreement: AgreementState): Filter {
    const agreed = agreedVersion(policy, agreement)
    const fields = agreed === undefined ? [] : compiled(agreed).contract.fields
    return compileFilter(
      agreement.filter,
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
