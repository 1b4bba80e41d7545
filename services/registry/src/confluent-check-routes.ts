import type { Http } from '@unavez/service-kit'
import Type from 'typebox'

import { answer, fault, reads } from './confluent.ts'
import { whyIncompatible } from './compatible.ts'
import { type Registered, type Subjects, validSchema } from './subjects.ts'

const params = Type.Object({ subject: Type.String({ maxLength: 300 }) })
const versionParams = Type.Object({ subject: Type.String({ maxLength: 300 }), version: Type.String({ maxLength: 20 }) })
export const schemaBody = Type.Object({ schema: Type.String(), schemaType: Type.Optional(Type.String()) })

/** Questions about a schema that is not registered, or perhaps is. */
export function checkRoutes(http: Http, subjects: Subjects): void {
  http.route(
    reads({
      method: 'POST',
      url: '/registry/subjects/:subject',
      summary: 'Confluent API: look a schema up under its subject',
      params,
      body: schemaBody,
      handle({ params: { subject }, body }) {
        const isAvro = (body.schemaType ?? 'AVRO') === 'AVRO'
        const found = isAvro ? subjects.lookUp(subject, body.schema) : 42201
        return typeof found === 'number' ? fault(found) : answer(found)
      },
    }),
  )
  http.route(
    reads({
      method: 'POST',
      url: '/registry/compatibility/subjects/:subject/versions/:version',
      summary: 'Confluent API: whether a schema is compatible with one version',
      params: versionParams,
      body: schemaBody,
      handle({ params: { subject, version }, body }) {
        const found = subjects.version(subject, version)
        return typeof found === 'number' ? fault(found) : compatibility(subjects, body, [found])
      },
    }),
  )
  http.route(
    reads({
      method: 'POST',
      url: '/registry/compatibility/subjects/:subject/versions',
      summary: 'Confluent API: whether a schema is compatible with the versions that it is held against',
      params,
      body: schemaBody,
      handle({ params: { subject }, body }) {
        const earlier = subjects.versions(subject)
        return earlier.length === 0 ? fault(40401) : compatibility(subjects, body, earlier)
      },
    }),
  )
}

interface Given {
  readonly schema: string
  readonly schemaType?: string
}

function compatibility(
  subjects: Subjects,
  { schema: text, schemaType = 'AVRO' }: Given,
  earlier: readonly Registered[],
) {
  const [{ subject }] = earlier as readonly [Registered]
  const contract = subjects.contract(subject)
  const schema = contract && schemaType === 'AVRO' ? validSchema(contract.type, text) : undefined
  if (contract === undefined || schema === undefined) return fault(42201)
  const found = whyIncompatible({
    type: contract.type,
    schema,
    earlier: earlier.map((each) => JSON.parse(each.schema) as object),
    mode: contract.compatibility,
  })
  const messages = found.map(({ pointer, field, text }) => `${pointer} ${field}: ${text.en}`)
  return answer({ is_compatible: found.length === 0, messages })
}
