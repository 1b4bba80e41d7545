import { type BatchItem, Problem } from '@unavez/protocol'
import type { Call, Log } from '@unavez/service-kit'

import { isJsonObject, readId } from './envelope.ts'
import type { Offering } from './offering.ts'
import type { Candidate, Turn } from './publisher.ts'

type Prepared = { readonly candidate: Candidate; readonly turn: Turn } | { readonly error: unknown }

/**
 * Publishes the items of a batch side by side, those about one key subject in their order. One result per item, in order;
 * a bad one stops no other.
 */
export async function publishBatch(
  call: Call,
  items: readonly unknown[],
  { offering, log }: { readonly offering: Offering; readonly log: Log },
): Promise<readonly BatchItem[]> {
  const last = new Map<string, Promise<void>>()
  const prepared = items.map((item): Prepared => {
    try {
      const { candidate } = offering.candidate(call, item)
      return { candidate, turn: takeTurn(candidate, last) }
    } catch (error) {
      return { error }
    }
  })
  return Promise.all(prepared.map((each, i) => settle(call, { each, item: items[i] }, { offering, log })))
}

/** Behind the event of the same key that came before it in this batch. */
function takeTurn({ message }: Candidate, last: Map<string, Promise<void>>): Turn {
  const key = message.key?.toString('latin1') ?? ''
  const { promise, resolve } = Promise.withResolvers<void>()
  const after = last.get(key)
  last.set(key, promise)
  return { after, issued: resolve }
}

async function settle(
  call: Call,
  { each, item }: { readonly each: Prepared; readonly item: unknown },
  { offering, log }: { readonly offering: Offering; readonly log: Log },
): Promise<BatchItem> {
  if ('error' in each) return refused(call, item, { error: each.error, log })
  try {
    const accepted = await offering.publish(each.candidate, each.turn)
    return { status: accepted.alreadyAccepted ? 200 : 201, ...accepted }
  } catch (error) {
    return refused(call, item, { error, log })
  } finally {
    each.turn.issued()
  }
}

/** The id is repeated only where it is one: it could hold what must not be told. */
function refused(call: Call, item: unknown, { error, log }: { error: unknown; log: Log }): BatchItem {
  const id = isJsonObject(item) ? readId(item['id']) : undefined
  const named = id === undefined ? {} : { id }
  if (error instanceof Problem) return { ...error.document(call.language), ...named }
  log.error({ error }, 'an item of a batch failed')
  return { ...new Problem('internal-error').document(call.language), ...named }
}
