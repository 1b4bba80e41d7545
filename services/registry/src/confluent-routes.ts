import type { Http, Surroundings } from '@unavez/service-kit'
import Type from 'typebox'

import { answer, fault, reads } from './confluent.ts'
import { checkRoutes } from './confluent-check-routes.ts'
import { settingRoutes } from './confluent-setting-routes.ts'
import { subjectWriteRoutes } from './confluent-write-routes.ts'
import { openSubjects, type Subjects } from './subjects.ts'

const subjectParams = Type.Object({ subject: Type.String({ maxLength: 300 }) })
const versionParams = Type.Object({ subject: Type.String({ maxLength: 300 }), version: Type.String({ maxLength: 20 }) })
const idParams = Type.Object({ id: Type.String({ maxLength: 20 }) })
const subjectsQuery = Type.Object({
  subjectPrefix: Type.Optional(Type.String({ maxLength: 300 })),
  deleted: Type.Optional(Type.Boolean({ description: 'Also those of retired contracts' })),
})

/** Confluent's Schema Registry API over the published contracts, so that its clients read the log and register versions. */
export function confluentRoutes(surroundings: Surroundings): void {
  const { http, control } = surroundings
  const subjects = openSubjects(control.policy)
  subjectRoutes(http, subjects)
  versionRoutes(http, subjects)
  idRoutes(http, subjects)
  checkRoutes(http, subjects)
  settingRoutes(surroundings)
  subjectWriteRoutes(surroundings)
}

function subjectRoutes(http: Http, subjects: Subjects): void {
  http.route(
    reads({
      method: 'GET',
      url: '/registry/subjects',
      summary: 'Confluent API: subjects',
      query: subjectsQuery,
      handle: ({ query: { subjectPrefix = '', deleted = false } }) =>
        answer(subjects.names({ retired: deleted }).filter((name) => name.startsWith(subjectPrefix))),
    }),
  )
  http.route(
    reads({
      method: 'GET',
      url: '/registry/subjects/:subject/versions',
      summary: 'Confluent API: versions of a subject',
      params: subjectParams,
      handle({ params }) {
        const versions = subjects.versions(params.subject)
        return versions.length === 0 ? fault(40401) : answer(versions.map(({ version }) => version))
      },
    }),
  )
  http.route(
    reads({
      method: 'GET',
      url: '/registry/schemas/types',
      summary: 'Confluent API: kinds of schema',
      handle: () => answer(['AVRO']),
    }),
  )
}

function versionRoutes(http: Http, subjects: Subjects): void {
  http.route(
    reads({
      method: 'GET',
      url: '/registry/subjects/:subject/versions/:version',
      summary: 'Confluent API: one version of a subject',
      params: versionParams,
      handle({ params }) {
        const found = subjects.version(params.subject, params.version)
        return typeof found === 'number' ? fault(found) : answer(found)
      },
    }),
  )
  http.route(
    reads({
      method: 'GET',
      url: '/registry/subjects/:subject/versions/:version/schema',
      summary: 'Confluent API: the schema of one version',
      params: versionParams,
      handle({ params }) {
        const found = subjects.version(params.subject, params.version)
        return typeof found === 'number' ? fault(found) : answer(found.schema)
      },
    }),
  )
}

/** What is told of a schema id, by the end of its path. */
const ofId = {
  '': { summary: 'a schema by its id', told: ({ schema }) => ({ schema }) },
  '/schema': { summary: 'the text of a schema by its id', told: ({ schema }) => schema },
  '/subjects': { summary: 'subjects of a schema id', told: ({ subject }) => [subject] },
  '/versions': {
    summary: 'subjects and versions of a schema id',
    told: ({ subject, version }) => [{ subject, version }],
  },
} as const satisfies Record<
  string,
  { summary: string; told: (found: NonNullable<ReturnType<Subjects['withId']>>) => unknown }
>

function idRoutes(http: Http, subjects: Subjects): void {
  for (const [end, { summary, told }] of Object.entries(ofId)) {
    http.route(
      reads({
        method: 'GET',
        url: `/registry/schemas/ids/:id${end}`,
        summary: `Confluent API: ${summary}`,
        params: idParams,
        handle({ params }) {
          const found = subjects.withId(params.id)
          return found === undefined ? fault(40403) : answer(told(found))
        },
      }),
    )
  }
}
