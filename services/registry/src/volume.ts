import type { PartitionBounds } from '@unavez/engine'
import type { ContractState } from '@unavez/policy'
import type { Surroundings } from '@unavez/service-kit'

/** How much passes in the domain of a contract, all its types together: what a topic's bounds tell without a look at its events. */
export interface Volume {
  readonly domain: string
  readonly days: number
  /** Accepted in these days. */
  readonly events: number
  readonly perDay: number
}

const days = 7
const dayMs = 86_400_000
/** However many ask, the log is asked once in this time. */
const keptMs = 60_000

/** Undefined for evidence, for what is not published, and while the log can't be asked. */
export function openVolumes({ engine, clock, log }: Surroundings) {
  const kept = new Map<string, { readonly untilMs: number; readonly volume: Promise<Volume | undefined> }>()

  async function measured(domain: string): Promise<Volume | undefined> {
    const since = new Date(clock.now().getTime() - days * dayMs)
    try {
      const bounds = await engine.log.bounds(`events.${domain}`, since)
      const events = bounds.reduce((sum, each) => sum + eventsIn(each), 0)
      return { domain, days, events, perDay: Math.round((events / days) * 10) / 10 }
    } catch (error) {
      log.warn({ error, domain }, 'the volume of a domain is not known')
      return undefined
    }
  }

  return ({ kind, state, domain }: ContractState): Promise<Volume | undefined> => {
    if (kind !== 'event' || state === 'draft') return Promise.resolve(undefined)
    const known = kept.get(domain)
    if (known !== undefined && known.untilMs > clock.monotonic()) return known.volume
    const volume = measured(domain)
    kept.set(domain, { untilMs: clock.monotonic() + keptMs, volume })
    return volume
  }
}

const eventsIn = ({ next, atTime }: PartitionBounds): number => next - atTime
