import { typeOfAvroName } from '@unavez/contracts'
import { compatibilities, type Compatibility, type Target } from '@unavez/policy'
import type { Language, Problem } from '@unavez/protocol'
import type { Access, AccessRequest, Reply, Route, ToldProblem } from '@unavez/service-kit'
import type { TSchema } from 'typebox'

import { levels } from './compatible.ts'

/** Content type of Confluent's Schema Registry API, in both directions. */
const registryType = 'application/vnd.schemaregistry.v1+json'

/** What its clients send as a body. */
const consumes = [registryType, 'application/vnd.schemaregistry+json', 'application/json']

/** Any system may read: the catalogue is public to whoever has a token. */
const reading: Access = { action: 'read-contract', on: () => ({ kind: 'bus' }) }

/** A subject is a contract's Avro full name; one that names no contract is nobody's. */
const contractOfSubject = ({ params }: AccessRequest): Target => ({
  kind: 'contract',
  id: typeOfAvroName(params['subject'] ?? '') ?? '',
})

type Rest<P extends TSchema, Q extends TSchema, B extends TSchema> = Omit<
  Route<P, Q, B>,
  'access' | 'consumes' | 'owner' | 'readKey' | 'tell'
>

/** A route that only reads: what is not said of it is the same for all of them. */
export const reads = <P extends TSchema, Q extends TSchema, B extends TSchema>(
  route: Rest<P, Q, B>,
): Route<P, Q, B> => ({ ...route, owner: 'registry', access: reading, readKey: true, consumes, tell })

/** A route that changes a contract: for those of its owner, with a token. */
export const writes = <P extends TSchema, Q extends TSchema, B extends TSchema>(
  route: Rest<P, Q, B>,
  action: 'publish-contract' | 'retire-contract' = 'publish-contract',
): Route<P, Q, B> => ({ ...route, owner: 'registry', access: { action, on: contractOfSubject }, consumes, tell })

/** Codes are Confluent's: clients branch on them. The first three digits are the HTTP status. */
const faults = {
  40401: 'Subject not found.',
  40402: 'Version not found.',
  40403: 'Schema not found',
  42201: 'Invalid schema',
  42202:
    'The specified version is not a valid version id. Allowed values are between [1, 2^31-1] and the string "latest"',
  42203:
    'Invalid compatibility level. Valid values are backward, backward_transitive, forward, forward_transitive, full, full_transitive',
  42205: 'The bus keeps this for all: contracts are changed by subject, and what was published stays',
} as const

export type ConfluentCode = keyof typeof faults

export const answer = (body: unknown, more: Pick<Reply, 'at'> = {}): Reply => ({
  headers: { 'content-type': registryType },
  body,
  ...more,
})

export const fault = (code: ConfluentCode): Reply => ({
  status: Math.floor(code / 100),
  headers: { 'content-type': registryType },
  body: { error_code: code, message: faults[code] },
})

/** What the bus refuses before a route sees it, in the shape that registry clients read; code = status and 01, as in their 40101 and 40301. */
const tell = (problem: Problem, language: Language): ToldProblem => {
  const { title, detail, pointer, users } = problem.document(language)
  return {
    contentType: registryType,
    body: {
      error_code: problem.code === 'schema-incompatible' ? 409 : problem.status * 100 + 1,
      message: [title, detail, pointer].filter((part) => part !== undefined).join(': '),
      code: problem.code,
      ...(pointer === undefined ? {} : { pointer }),
      ...(users === undefined ? {} : { users }),
      ...(problem.details.decision === undefined ? {} : { decision: problem.details.decision }),
    },
  }
}

export const modeOf = (level: string): Compatibility | undefined =>
  compatibilities.find((mode) => levels[mode] === level.toUpperCase())
