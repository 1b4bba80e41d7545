import { setTimeout as sleep } from 'node:timers/promises'

import type { PublishedSchema } from '@unavez/policy'
import type { Surroundings } from '@unavez/service-kit'

import { type CopyVersion, mirroredAs, mirroredName, MirrorRefused } from './mirror.ts'

const pauses = {
  /** Between rounds, however many versions are published. */
  restMs: 200,
  /** After an outage the pause doubles from the first to the last. */
  firstMs: 1000,
  lastMs: 60_000,
} as const

export interface MirroringOptions {
  readonly surroundings: Pick<Surroundings, 'control' | 'engine' | 'log'>
  readonly copy: CopyVersion
  /** How much shorter the pauses are; for tests. */
  readonly hurry?: number
}

/**
 * Copies every published version into another registry, one instance for all, in the order of versions; what an outage left out
 * is caught up with later. Rejects only if the group can't be joined.
 */
export async function openMirroring(options: MirroringOptions): Promise<{ close(): Promise<void> }> {
  const { engine } = options.surroundings
  return engine.log.own('registry-mirror', ['control'], (_partition, signal) => mirror(options, signal))
}

async function mirror({ surroundings, copy, hurry = 1 }: MirroringOptions, signal: AbortSignal): Promise<void> {
  const { control, engine, log } = surroundings
  const done = new Set<string>()
  const wake = openWake(surroundings, signal)
  let pause: number = pauses.firstMs
  while (!signal.aborted) {
    try {
      await wake.rested(pauses.restMs / hurry)
      for (const published of waiting(control.policy, done)) {
        if (signal.aborted) return
        await note(published)
        pause = pauses.firstMs
      }
      await wake.changed()
    } catch (error) {
      if (signal.aborted) return
      if (pause === pauses.firstMs) log.warn({ error }, 'the registry at REGISTRY_URL does not answer')
      await sleep(pause / hurry, undefined, { signal }).catch(() => undefined)
      pause = Math.min(pause * 2, pauses.lastMs)
    }
  }

  async function note(published: PublishedSchema): Promise<void> {
    const { subject, version } = published
    try {
      const known = await mirroredAs(engine.registers, published)
      if (known === undefined) {
        const mirrored = await copy(published)
        await engine.registers.put(mirroredName(published), Buffer.from(JSON.stringify(mirrored)))
      }
    } catch (error) {
      if (!(error instanceof MirrorRefused)) throw error
      log.error({ error, subject, version }, 'the registry at REGISTRY_URL refuses a version')
    }
    done.add(mirroredName(published))
  }
}

function waiting(policy: Surroundings['control']['policy'], done: ReadonlySet<string>): readonly PublishedSchema[] {
  return policy
    .subjects()
    .flatMap((subject) => policy.schemasOf(subject))
    .filter((published) => !done.has(mirroredName(published)))
}

/** Tells when policy has changed since it was last looked at. Ends every wait when the signal aborts. */
function openWake({ control }: Pick<Surroundings, 'control'>, signal: AbortSignal) {
  let next = Promise.withResolvers<void>()
  const wake = (): void => next.resolve()
  control.onChange(wake, signal)
  signal.addEventListener('abort', wake, { once: true })
  return {
    rested: async (ms: number): Promise<void> => {
      await sleep(ms, undefined, { signal }).catch(() => undefined)
      if (!signal.aborted) next = Promise.withResolvers<void>()
    },
    changed: (): Promise<void> => next.promise,
  }
}
