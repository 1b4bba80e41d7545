import type { Engine } from '@unavez/engine'
import type { PushSecrets } from '@unavez/exchange'
import type { Settings, Surroundings } from '@unavez/service-kit'

import { answerOf } from './answer.ts'
import type { Answer, Attempt, Recipient, Sender } from './attempt.ts'
import { CallFailure } from './call-failure.ts'
import type { Endpoints } from './endpoints.ts'
import { openSigners } from './signers.ts'

export interface SenderOptions {
  readonly surroundings: Pick<Surroundings, 'clock' | 'log'> & {
    readonly engine: { readonly volatile: Pick<Engine['volatile'], 'count'> }
    readonly settings: Pick<Settings, 'publicUrl'>
  }
  /** Closed with the sender. */
  readonly endpoints: Endpoints
  readonly secrets: Pick<PushSecrets, 'signingTexts'>
}

const minuteMs = 60_000

/** Sends events to the endpoints of their subscriptions: signed, within the limits, and only to addresses that the bus may call. */
export function openSender({ surroundings, endpoints, secrets }: SenderOptions): Sender {
  const { engine, clock, log, settings } = surroundings
  const signerOf = openSigners(secrets)
  const origin = new URL(settings.publicUrl).hostname

  return {
    async send(attempt, signal) {
      signal.throwIfAborted()
      const begun = clock.monotonic()
      const ms = (): number => Math.round(clock.monotonic() - begun)
      try {
        return (await rateReached(attempt.subscription)) ?? (await sent(attempt, signal, ms))
      } catch (error) {
        signal.throwIfAborted()
        if (error instanceof CallFailure) return { kind: 'unreachable', ms: ms(), code: error.code }
        log.error({ error, subscription: attempt.subscription.id }, 'an attempt failed for no reason of the endpoint')
        return { kind: 'unreachable', ms: ms(), code: 'internal-error' }
      }
    },
    close: () => {
      endpoints.close()
      return Promise.resolve()
    },
  }

  async function sent(attempt: Attempt, signal: AbortSignal, ms: () => number): Promise<Answer> {
    const { subscription, webhookId, body, traceparent } = attempt
    const endpoint = await endpoints.of(subscription)
    const sign = await signerOf(subscription, clock.now())
    const {
      status,
      headers,
      body: told,
    } = await endpoint.call(
      () => ({
        method: 'POST',
        headers: {
          'content-type': 'application/cloudevents+json',
          'user-agent': 'unavez',
          'webhook-request-origin': origin,
          traceparent,
          ...sign({ id: webhookId, at: clock.now(), body }),
        },
        body,
      }),
      signal,
    )
    return answerOf({ status, ms: ms(), retryAfter: headers['retry-after'], body: told }, clock.now())
  }

  /** Counted by all instances together. Without the count the receiver's own 429 holds the rate. */
  async function rateReached({ id, endpoint }: Recipient): Promise<Answer | undefined> {
    if (endpoint?.ratePerMinute === undefined) return undefined
    const nowMs = clock.now().getTime()
    const minute = Math.floor(nowMs / minuteMs)
    const key = `push-rate/${id}/${endpoint.version}/${minute}`
    const count = await engine.volatile.count(key, 1, 2 * minuteMs).catch(() => 0)
    if (count <= endpoint.ratePerMinute) return undefined
    const retryAfterMs = Math.max((minute + 1) * minuteMs - nowMs, 1)
    return { kind: 'refused', status: 429, ms: 0, code: 'rate-allowed-reached', blames: 'endpoint', retryAfterMs }
  }
}
