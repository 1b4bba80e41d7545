import type { Language, Problem } from '@unavez/protocol'
import type { Access, Reply, ToldProblem } from '@unavez/service-kit'

/** Content type of Confluent's Schema Registry API, in both directions. */
const registryType = 'application/vnd.schemaregistry.v1+json'

/** What its clients send as a body. */
export const consumes = [registryType, 'application/vnd.schemaregistry+json', 'application/json']

/** Any system may read: the catalogue is public to whoever has a token. */
export const access: Access = { action: 'read-contract', on: () => ({ kind: 'bus' }) }

/** Codes are Confluent's: clients branch on them. The first three digits are the HTTP status. */
const faults = {
  40401: 'Subject not found.',
  40402: 'Version not found.',
  40403: 'Schema not found',
  42201: 'Invalid schema',
  42202:
    'The specified version is not a valid version id. Allowed values are between [1, 2^31-1] and the string "latest"',
} as const

export type ConfluentCode = keyof typeof faults

export const answer = (body: unknown): Reply => ({ headers: { 'content-type': registryType }, body })

export const fault = (code: ConfluentCode): Reply => ({
  status: Math.floor(code / 100),
  headers: { 'content-type': registryType },
  body: { error_code: code, message: faults[code] },
})

/** What the bus refuses before a route sees it, in the shape that registry clients read; code = status and 01, as in their 40101 and 40301. */
export const tell = (problem: Problem, language: Language): ToldProblem => {
  const { title, detail } = problem.document(language)
  return {
    contentType: registryType,
    body: {
      error_code: problem.status * 100 + 1,
      message: detail === undefined ? title : `${title}: ${detail}`,
      code: problem.code,
      ...(problem.details.decision === undefined ? {} : { decision: problem.details.decision }),
    },
  }
}
