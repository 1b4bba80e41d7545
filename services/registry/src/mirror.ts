import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'

import { SchemaRegistry, SchemaType, COMPATIBILITY } from '@kafkajs/confluent-schema-registry'
import type { Registers } from '@unavez/engine'
import type { PublishedSchema } from '@unavez/policy'

import type { SchemaTextOf } from './schema.ts'

/** In which the other registry answers. */
const answerMs = 10_000

/** What the other registry said no to, for good: its words, for the operator. */
export class MirrorRefused extends Error {}

/** The id that a version has in the other registry. */
export interface Mirrored {
  readonly id: number
}

export const mirroredName = ({ subject, version }: Pick<PublishedSchema, 'subject' | 'version'>): string =>
  `mirror/${subject}/${version}`

/** What was noted when a version was mirrored; undefined for one that was not. */
export async function mirroredAs(
  registers: Pick<Registers, 'get'>,
  of: Pick<PublishedSchema, 'subject' | 'version'>,
): Promise<Mirrored | undefined> {
  const noted = await registers.get(mirroredName(of))
  return noted === undefined ? undefined : (JSON.parse(noted.toString()) as Mirrored)
}

/** Copies one version into another registry: a version that is there already keeps its id, so a repeat does no harm. */
export type CopyVersion = (published: PublishedSchema) => Promise<Mirrored>

/** Rejects with `MirrorRefused` what a repeat would not change; anything else is an outage. */
export function openCopying(registryUrl: string, textOf: SchemaTextOf): CopyVersion {
  const { host, auth } = addressOf(registryUrl)
  return async ({ subject, contract, schema }) => {
    const agent = host.startsWith('https:') ? new HttpsAgent() : new HttpAgent()
    const client = new SchemaRegistry({ host, agent, retry: { retries: 0 }, ...(auth === undefined ? {} : { auth }) })
    const timer = setTimeout(() => agent.destroy(), answerMs)
    try {
      // What may follow what was decided here; another opinion there would only leave holes.
      const options = { subject, compatibility: COMPATIBILITY.NONE }
      const { id } = await client.register({ type: SchemaType.AVRO, schema: textOf(contract, schema) }, options)
      return { id }
    } catch (error) {
      throw refuses(error) ? new MirrorRefused(messageOf(error), { cause: error }) : error
    } finally {
      clearTimeout(timer)
      agent.destroy()
    }
  }
}

function addressOf(registryUrl: string) {
  const url = new URL(registryUrl)
  const { username, password } = url
  url.username = ''
  url.password = ''
  const host = url.toString().replace(/\/+$/, '')
  if (username === '') return { host }
  return { host, auth: { username: decodeURIComponent(username), password: decodeURIComponent(password) } }
}

/** A conflict, a schema that it finds invalid, or a compatibility of its own. The client tells a refused connection as 400. */
function refuses(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const status = 'status' in error ? error.status : undefined
  return status === 409 || status === 422 || error.name === 'ConfluentSchemaRegistryCompatibilityError'
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
