import { shapes } from '@unavez/service-kit'
import Type from 'typebox'

import { endStates, openStates } from './facts.ts'

const state = Type.Enum([...openStates, ...endStates])
const next = Type.Union([Type.String(), Type.Null()], { description: '`after` of the next page' })

const asked = Type.Object({
  id: Type.String(),
  state,
  decision: Type.String({ description: 'By which it was allowed: explains and recomputes itself' }),
  traceId: Type.String(),
})

const summary = {
  id: Type.String(),
  state,
  procedure: Type.String(),
  requirement: Type.String(),
  type: Type.String(),
  requester: Type.String(),
  provider: Type.String(),
  deadline: shapes.time,
  askedAt: shapes.time,
}

export const replies = {
  asked,
  changed: Type.Object({ state }),
  item: Type.Object(summary),
  list: Type.Object({ items: Type.Array(Type.Object({ id: Type.String(), type: Type.String() })), next }),
  run: Type.Object({
    id: Type.String(),
    requests: Type.Array(Type.Object({ requirement: Type.String(), type: Type.String(), id: Type.String(), state })),
    unmet: Type.Array(Type.Object({ requirement: Type.String(), code: Type.String() }), {
      description: 'Requirements that nobody could be asked for, and why',
    }),
  }),
  document: Type.Object({
    n: Type.Integer(),
    mediaType: Type.String(),
    bytes: Type.Integer(),
    hash: Type.String({ description: 'sha256: and hex' }),
  }),
  meter: Type.Object({ items: Type.Array(Type.Object({ documentsNotAskedFor: Type.Integer() })) }),
  directory: Type.Object({ items: Type.Array(Type.Object({ requirement: Type.String() })) }),
}
