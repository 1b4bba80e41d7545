import type { OpenBus } from '@unavez/service-kit/testing'

export const single = 'application/cloudevents+json'
export const batch = 'application/cloudevents-batch+json'

export interface Answer {
  readonly status: number
  readonly text: string
  readonly body: Readonly<Record<string, unknown>>
}

interface Posted {
  readonly type?: string
  readonly as?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** Offers a body to `POST /v1/events`: text and bytes as they are, anything else as JSON. */
export async function postEvents(
  bus: OpenBus,
  body: unknown,
  { type = single, as = 'te.registro', headers = {} }: Posted = {},
): Promise<Answer> {
  const answer = await fetch(`${bus.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${bus.tokenOf(as)}`, 'content-type': type, ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body),
  })
  const text = await answer.text()
  return { status: answer.status, text, body: JSON.parse(text) }
}
