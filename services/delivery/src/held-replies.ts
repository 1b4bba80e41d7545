import Type from 'typebox'

/** What the routes of held deliveries answer, for the API's description. */
export const heldReplies = {
  list: Type.Object({
    items: Type.Array(
      Type.Object({
        id: Type.String(),
        subject: Type.String({ description: 'As the consumer sees it' }),
        event: Type.String({ description: 'Id of the event that is held' }),
        reason: Type.Object({ code: Type.String(), status: Type.Optional(Type.Integer()) }),
        attempt: Type.Integer({ description: 'Attempts so far' }),
        nextAt: Type.Union([Type.String(), Type.Null()], { description: 'null: it waits for somebody' }),
        since: Type.String(),
        behind: Type.Integer({ description: 'Later events of the same subject that wait for it' }),
      }),
    ),
    next: Type.Union([Type.String(), Type.Null()], { description: '`after` of the next page' }),
  }),
  ordered: Type.Object({ id: Type.String(), order: Type.Integer({ description: 'Number of the order' }) }),
}
