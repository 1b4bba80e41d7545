import { contactRoles } from '@unavez/policy'
import Type from 'typebox'

/** TypeBox pieces that the routes of several services are made of. */
export const shapes = {
  /** An institution's or a system's id: no dot, so that `<institution>.<system>` has one reading. */
  id: Type.String({ pattern: '^[a-z][a-z0-9-]{1,40}$' }),
  /** A sentence in both languages. */
  text: Type.Object(
    { es: Type.String({ minLength: 1, maxLength: 1000 }), en: Type.String({ minLength: 1, maxLength: 1000 }) },
    { additionalProperties: false },
  ),
  name: Type.String({ minLength: 1, maxLength: 200 }),
  contact: Type.Object(
    {
      role: Type.Enum([...contactRoles]),
      name: Type.String({ minLength: 1, maxLength: 200 }),
      email: Type.String({ maxLength: 254, pattern: '^[^\\s@]+@[^\\s@]+$' }),
      phone: Type.Optional(Type.String({ maxLength: 40 })),
    },
    { additionalProperties: false },
  ),
  /** RFC 3339, UTC. */
  time: Type.String({ pattern: String.raw`^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$` }),
  reason: Type.Object(
    { reason: Type.String({ minLength: 1, maxLength: 1000, description: 'Kept in the history' }) },
    { additionalProperties: false },
  ),
}
