import type { Http, Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { access, answer, consumes, fault, tell } from './confluent.ts'
import { openSubjects, type Subjects } from './subjects.ts'

const owner = 'registry'

const subjectParams = Type.Object({ subject: Type.String({ maxLength: 300 }) })
const versionParams = Type.Object({ subject: Type.String({ maxLength: 300 }), version: Type.String({ maxLength: 20 }) })
const idParams = Type.Object({ id: Type.String({ maxLength: 20 }) })

/** Old schemas have to read what new ones write and the other way round, through all versions. */
const compatibilityLevel = 'FULL_TRANSITIVE'

/** The read part of Confluent's Schema Registry API over the published contracts, so that its clients can read the log. */
export function confluentRoutes({ http, control }: Surroundings): void {
  const subjects = openSubjects(control.policy)
  subjectRoutes(http, subjects)
  versionRoutes(http, subjects)
  idRoutes(http, subjects)
  lookUpRoute(http, subjects)
  settingRoutes(http, subjects)
}

function subjectRoutes(http: Http, subjects: Subjects): void {
  http.route({
    method: 'GET',
    url: '/registry/subjects',
    owner,
    summary: 'Confluent API: subjects',
    access,
    tell,
    handle: () => answer(subjects.names()),
  })
  http.route({
    method: 'GET',
    url: '/registry/subjects/:subject/versions',
    owner,
    summary: 'Confluent API: versions of a subject',
    access,
    tell,
    params: subjectParams,
    handle({ params }) {
      const versions = subjects.versions(params.subject)
      return versions.length === 0 ? fault(40401) : answer(versions.map(({ version }) => version))
    },
  })
}

function versionRoutes(http: Http, subjects: Subjects): void {
  http.route({
    method: 'GET',
    url: '/registry/subjects/:subject/versions/:version',
    owner,
    summary: 'Confluent API: one version of a subject',
    access,
    tell,
    params: versionParams,
    handle({ params }) {
      const found = subjects.version(params.subject, params.version)
      return typeof found === 'number' ? fault(found) : answer(found)
    },
  })
  http.route({
    method: 'GET',
    url: '/registry/subjects/:subject/versions/:version/schema',
    owner,
    summary: 'Confluent API: the schema of one version',
    access,
    tell,
    params: versionParams,
    handle({ params }) {
      const found = subjects.version(params.subject, params.version)
      return typeof found === 'number' ? fault(found) : answer(found.schema)
    },
  })
}

function idRoutes(http: Http, subjects: Subjects): void {
  http.route({
    method: 'GET',
    url: '/registry/schemas/ids/:id',
    owner,
    summary: 'Confluent API: a schema by its id',
    access,
    tell,
    params: idParams,
    handle({ params }) {
      const found = subjects.withId(params.id)
      return found === undefined ? fault(40403) : answer({ schema: found.schema })
    },
  })
  http.route({
    method: 'GET',
    url: '/registry/schemas/ids/:id/versions',
    owner,
    summary: 'Confluent API: subjects and versions of a schema id',
    access,
    tell,
    params: idParams,
    handle({ params }) {
      const found = subjects.withId(params.id)
      return found === undefined ? fault(40403) : answer([{ subject: found.subject, version: found.version }])
    },
  })
}

function lookUpRoute(http: Http, subjects: Subjects): void {
  http.route({
    method: 'POST',
    url: '/registry/subjects/:subject',
    owner,
    summary: 'Confluent API: look a schema up under its subject',
    access,
    tell,
    params: subjectParams,
    body: Type.Object({ schema: Type.String(), schemaType: Type.Optional(Type.String()) }),
    consumes,
    handle({ params, body }) {
      const isAvro = (body.schemaType ?? 'AVRO') === 'AVRO'
      const found = isAvro ? subjects.lookUp(params.subject, body.schema) : 42201
      return typeof found === 'number' ? fault(found) : answer(found)
    },
  })
}

function settingRoutes(http: Http, subjects: Subjects): void {
  http.route({
    method: 'GET',
    url: '/registry/config',
    owner,
    summary: 'Confluent API: compatibility',
    access,
    tell,
    handle: () => answer({ compatibilityLevel }),
  })
  http.route({
    method: 'GET',
    url: '/registry/config/:subject',
    owner,
    summary: 'Confluent API: compatibility of a subject',
    access,
    tell,
    params: subjectParams,
    handle({ params }) {
      return subjects.versions(params.subject).length === 0 ? fault(40401) : answer({ compatibilityLevel })
    },
  })
  http.route({
    method: 'GET',
    url: '/registry/mode',
    owner,
    summary: 'Confluent API: contracts are written through /v1/contracts',
    access,
    tell,
    handle: () => answer({ mode: 'READONLY' }),
  })
}
