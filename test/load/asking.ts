import { openEmbeddedEngine } from '@unavez/engine-embedded'
import { authorize, type Policy, type Question } from '@unavez/policy'
import { openControl, openKeys, systemClock } from '@unavez/service-kit'

import { country, agreementOf, clientOf, consumerAt, contractOf, ownerOf, subscriptionOf } from './country.ts'
import { rounds, type Sample, table, type Variant } from './rounds.ts'

// The other side of `sizes`: asks policy without pause, on one core, and says how often it was answered.

const roundMs = 1500

/** Of agreement `n`: publishing, receiving (most of all), reading; every fifth is asked by someone else's system and refused. */
function question(n: number, kind: number): Question {
  const consumer = clientOf(consumerAt(n))
  switch (kind % 5) {
    case 0:
      return { action: 'publish', actor: clientOf(ownerOf(n)), on: { kind: 'contract', id: contractOf(n) } }
    case 1:
    case 2:
      return { action: 'receive', actor: consumer, on: { kind: 'subscription', id: subscriptionOf(n) } }
    case 3:
      return { action: 'read-agreement', actor: consumer, on: { kind: 'agreement', id: agreementOf(n) } }
    default:
      return {
        action: 'receive',
        actor: clientOf(consumerAt(n + 1)),
        on: { kind: 'subscription', id: subscriptionOf(n) },
      }
  }
}

function asking(policy: Policy, agreements: number): Variant {
  const questions = Array.from({ length: 5 * agreements }, (_, i) =>
    question(Math.imul(i, 7919) % country.agreements, i),
  ).filter((_, i) => i < 100_000)
  return {
    name: `questions about ${agreements.toLocaleString('en')} agreements`,
    round: async () => round(policy, questions),
  }
}

function round(policy: Policy, questions: readonly Question[]): Sample {
  const at = new Date()
  const before = { at: performance.now(), cpu: process.cpuUsage() }
  let asked = 0
  let allowed = 0
  while (performance.now() - before.at < roundMs) {
    for (const each of questions) if (authorize(policy, each, at).allowed) allowed += 1
    asked += questions.length
  }
  const { user, system } = process.cpuUsage(before.cpu)
  const seconds = (performance.now() - before.at) / 1000
  return {
    'answers/s': asked / seconds,
    'answers per s of CPU': (asked * 1e6) / (user + system),
    'share of yes': allowed / asked,
  }
}

process.once(
  'message',
  ({ directory, masterKey }: { directory: string; masterKey: string }) => void tell(directory, masterKey),
)

async function tell(directory: string, masterKey: string): Promise<void> {
  const engine = await openEmbeddedEngine({ directory })
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const keys = openKeys(Buffer.from(masterKey, 'base64'))
  const closing = new AbortController()
  const control = await openControl({
    engine,
    keys,
    clock: systemClock,
    leaseMs: 1000,
    log: quiet,
    closing: closing.signal,
  })
  const told = table(
    await rounds(
      [20, 1000, 20_000].map((count) => asking(control.policy, count)),
      5,
    ),
  )
  await control.close()
  await engine.close()
  process.send?.(told)
  process.disconnect()
}
