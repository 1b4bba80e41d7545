/**
 * How everything in this package talks to Kafka. One `Wire` per engine:
 *
 *   const wire = await openWire({ brokers: ['127.0.0.1:9092'] })    // rejects 'cannot-start' with one sentence
 *   const state = await wire.metadata.topic('unavez.control')       // real topic names here, prefix included
 *   const leader = wire.metadata.partition('unavez.control', 0)?.leader ?? -1        // −1: nobody leads it now
 *   const link = await wire.connections.to(leader, 'read-0')        // own connection per broker and purpose
 *   const answer = await link.send(call, 10_000)                    // a Call<T>: { ...api('Fetch'), body, read }
 *   void wire.metadata.refresh()                                    // after NOT_LEADER and the like; callers share it
 *   wire.close()
 *
 * Rules. `to` and `send` reject with a LinkError whenever anything is odd (cut, late, unreadable answer); that connection
 * is destroyed then and `to` gives a new one. After a LinkError what the request did is not known: repeat it only if it may
 * be done twice. Send one request at a time on a connection, and nothing behind a long poll: the broker answers in turn.
 * A failing `to` should be followed by a `pause` and a `metadata.refresh()` (which is limited to one in 50 ms).
 * Errors per partition are data in the answer. Encode with `Writer`, decode with `Reader`. `needed` in calls.ts lists the
 * API versions asked of every broker.
 */
import { EngineError, isEngineError } from '@unavez/engine'

import { needed } from './calls.ts'
import { Connections } from './connections.ts'
import { type Kafkajs, loadKafkajs, type Security } from './kafkajs.ts'
import { type Address, Link, type LinkOptions } from './link.ts'
import { Metadata } from './metadata.ts'

export { Reader, Writer } from './bytes.ts'
export { api, type Call, type TopicState } from './calls.ts'
export type { Purpose } from './connections.ts'
export { type Address, type Link, LinkError } from './link.ts'
export type { Security } from './kafkajs.ts'
export { pause } from './waiting.ts'

export interface WireOptions {
  /** `host:port` of some brokers; the others are learned from them. */
  readonly brokers: readonly string[]
  readonly clientId?: string
  readonly security?: Security
  /** Where a broker is really reached, given the address it tells clients. Without it: there. */
  readonly route?: (advertised: Address) => Address
}

export interface Wire {
  readonly kafkajs: Kafkajs
  readonly metadata: Metadata
  readonly connections: Connections
  close(): void
}

const connectMsMax = 3_000

export async function openWire(options: WireOptions): Promise<Wire> {
  const route = options.route ?? ((advertised: Address) => advertised)
  const bootstrap = options.brokers.map((place) => parseAddress(place))
  const link: LinkOptions = {
    kafkajs: loadKafkajs(),
    clientId: options.clientId ?? 'unavez',
    security: options.security ?? {},
    connectMsMax,
  }
  await checkBrokers(bootstrap, link)
  const metadata = new Metadata({ ...link, bootstrap, route })
  const connections = new Connections(metadata, link)
  const close = (): void => {
    metadata.close()
    connections.close()
  }
  try {
    await metadata.refresh()
    await checkAdvertised(metadata, connections)
  } catch (cause) {
    close()
    if (isEngineError(cause, 'cannot-start')) throw cause
    const why = cause instanceof Error ? cause.message : String(cause)
    const what = `Kafka at ${options.brokers.join(', ')} tells nothing about itself; does it want TLS or SASL? ${why}`
    throw new EngineError('cannot-start', what, { cause })
  }
  return { kafkajs: link.kafkajs, metadata, connections, close }
}

function parseAddress(place: string): Address {
  const [, host, port] = /^\[?([^\]]+)\]?:(\d{1,5})$/.exec(place.trim()) ?? []
  if (host === undefined || Number(port) > 65_535) {
    throw new EngineError('cannot-start', `A Kafka broker is written host:port, not "${place}".`)
  }
  return { host, port: Number(port) }
}

/** The first broker that answers tells whether it is a Kafka that we can talk to. */
async function checkBrokers(bootstrap: readonly Address[], options: LinkOptions): Promise<void> {
  const opening = bootstrap.map((address) => Link.open(address, options))
  let link: Link
  try {
    link = await Promise.any(opening)
  } catch (cause) {
    const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause
    const places = bootstrap.map(({ host, port }) => `${host}:${port}`).join(', ')
    const why = first instanceof Error ? first.message : 'no address was given'
    throw new EngineError('cannot-start', `No Kafka broker answers at ${places} (${why}).`, { cause })
  }
  const lacking = needed.filter(({ apiKey, apiVersion }) => {
    const offered = link.versions.get(apiKey)
    return offered === undefined || offered.min > apiVersion || offered.max < apiVersion
  })
  for (const each of opening) {
    each.then(
      (opened) => opened.destroy(),
      () => {},
    )
  }
  if (lacking.length > 0) {
    const names = lacking.map(({ apiName, apiVersion }) => `${apiName} ${apiVersion}`).join(', ')
    throw new EngineError('cannot-start', `The Kafka brokers do not offer ${names}: Kafka 2.4 to 4.x do.`)
  }
}

/** Brokers tell clients their address, and it is often the wrong one: behind a port-forward, or in a container. */
async function checkAdvertised({ now }: Metadata, connections: Connections): Promise<void> {
  try {
    await Promise.any([...now.brokers.keys()].map((broker) => connections.to(broker, 'admin')))
  } catch (cause) {
    const places = [...now.brokers.values()].map(({ host, port }) => `${host}:${port}`).join(', ')
    const why = `Kafka answers, but none of the addresses that it gives for its brokers does (${places}): see advertised.listeners.`
    throw new EngineError('cannot-start', why, { cause })
  }
}
