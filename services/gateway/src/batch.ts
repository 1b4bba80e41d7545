import { type BatchItem, Problem } from '@unavez/protocol'
import type { Call, Log } from '@unavez/service-kit'

import type { Offer } from './candidate.ts'
import { isJsonObject, readId } from './envelope.ts'
import type { Offering } from './offering.ts'
import type { Candidate, Turn } from './publisher.ts'

type Prepared =
  | { readonly candidate: Candidate; readonly turn: Turn }
  | { readonly error: unknown; readonly offer: Offer | undefined }

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
    let offer: Offer | undefined
    try {
      offer = offering.offer(call, item)
      const candidate = offering.candidate(offer)
      return { candidate, turn: takeTurn(candidate, last) }
    } catch (error) {
      return { error, offer }
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
  try {
    const accepted = await offering.publish(...(await readyToGo(each, offering)))
    return { status: accepted.alreadyAccepted ? 200 : 201, ...accepted }
  } catch (error) {
    return refused(call, item, { error, log })
  } finally {
    if ('turn' in each) each.turn.issued()
  }
}

async function readyToGo(each: Prepared, offering: Offering): Promise<readonly [Candidate, Turn?]> {
  if ('turn' in each) return [each.candidate, each.turn]
  if (each.offer === undefined) throw each.error
  return [await offering.repeat(each.offer, each.error)]
}

/** The id is repeated only where it is one: it could hold what must not be told. */
function refused(call: Call, item: unknown, { error, log }: { error: unknown; log: Log }): BatchItem {
  const id = isJsonObject(item) ? readId(item['id']) : undefined
  const named = id === undefined ? {} : { id }
  if (error instanceof Problem) return { ...error.document(call.language), ...named }
  log.error({ error }, 'an item of a batch failed')
  return { ...new Problem('internal-error').document(call.language), ...named }
}
