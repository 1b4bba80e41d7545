import Type from 'typebox'

/** What the routes of subscriptions answer, for the API's description. */
const state = Type.Enum(['active', 'paused', 'ended'])
const created = { id: Type.String(), state, agreement: Type.String(), mode: Type.Enum(['pull']) }
const listed = { ...created, contract: Type.Optional(Type.String()), consumer: Type.String() }

export const replies = {
  created: Type.Object(created),
  subscription: Type.Object({
    ...listed,
    epoch: Type.Integer({
      description: 'Grows whenever the cursor is moved by decision; older cursors are refused then',
    }),
    cursor: Type.String({ description: 'Where the subscription stands: as committed, else where the epoch begins' }),
    lag: Type.Object({
      events: Type.Integer({
        description: 'Events of the domain behind the cursor; those of other contracts count too',
      }),
    }),
  }),
  subscriptions: Type.Object({
    items: Type.Array(Type.Object(listed)),
    next: Type.Union([Type.String(), Type.Null()], { description: '`after` of the next page' }),
  }),
  changed: Type.Object({ id: Type.String(), state }),
  resumed: Type.Object({ id: Type.String(), state, backlog: Type.Enum(['deliver', 'skip']) }),
}
