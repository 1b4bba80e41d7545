import { type AcceptedEvent, type BatchItem, Problem } from '@unavez/protocol'
import type { Call, Log } from '@unavez/service-kit'

import type { Offer, Permit } from './offer.ts'
import { isJsonObject, readId } from './envelope.ts'
import type { Offering } from './offering.ts'
import type { Candidate, Turn } from './offered.ts'

interface Prepared {
  /** Missing if it was refused. */
  readonly candidate?: Candidate
  readonly error?: unknown
  readonly offer?: Offer | undefined
}

/**
 * Publishes the items of a batch side by side, those about one key subject in their order. One result per item, in order;
 * a bad one stops no other.
 */
export function publishBatch(
  call: Call,
  items: readonly unknown[],
  { offering, log }: { readonly offering: Offering; readonly log: Log },
): Promise<readonly BatchItem[]> {
  const permits = new Map<string, Permit>()
  const prepared = items.map((item) => prepare(offering, () => offering.offer(call, item, permits)))
  const turns = turnsOf(prepared)
  return Promise.all(
    prepared.map((each, i) => {
      const turn = turns.get(i)
      const accepting = publish(each, offering, turn)
      return accepting
        .then(told, (error: unknown) => refused(call, items[i], { error, log }))
        .finally(() => turn?.issued())
    }),
  )
}

function prepare(offering: Offering, read: () => Offer): Prepared {
  let offer: Offer | undefined
  try {
    offer = read()
    return { candidate: offering.candidate(offer) }
  } catch (error) {
    return { error, offer }
  }
}

/** By place: the turns of those whose key comes more than once, each behind the one that comes before it in this batch. */
function turnsOf(prepared: readonly Prepared[]): ReadonlyMap<number, Turn> {
  const keyAt = (at: number): string | undefined => prepared[at]?.candidate?.message.key?.toString('latin1')
  const turns = new Map<number, Turn>()
  for (const [key, places] of Map.groupBy(prepared.keys(), keyAt)) {
    if (key === undefined || places.length === 1) continue
    let after: Promise<void> | undefined
    for (const at of places) {
      const { promise, resolve } = Promise.withResolvers<void>()
      turns.set(at, { after, issued: resolve })
      after = promise
    }
  }
  return turns
}

const publish = ({ candidate, offer, error }: Prepared, offering: Offering, turn?: Turn): Promise<AcceptedEvent> =>
  candidate === undefined ? publishRepeat(offering, offer, error) : offering.publish(candidate, turn)

async function publishRepeat(offering: Offering, offer: Offer | undefined, refused: unknown): Promise<AcceptedEvent> {
  if (offer === undefined) throw refused
  return offering.publish(await offering.repeat(offer, refused))
}

const told = (accepted: AcceptedEvent): BatchItem => ({ status: accepted.alreadyAccepted ? 200 : 201, ...accepted })

/** The id is repeated only where it is one: it could hold what must not be told. */
function refused(call: Call, item: unknown, { error, log }: { error: unknown; log: Log }): BatchItem {
  const id = isJsonObject(item) ? readId(item['id']) : undefined
  const named = id === undefined ? {} : { id }
  if (error instanceof Problem) return { ...error.document(call.language), ...named }
  log.error({ error }, 'an item of a batch failed')
  return { ...new Problem('internal-error').document(call.language), ...named }
}
