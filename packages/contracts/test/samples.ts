/** A contract's schema around some fields; the key is added. */
export const schemaWith = (...fields: readonly object[]) => ({
  type: 'record',
  name: 'ThingSeen',
  namespace: 'zz.test.v1',
  fields: [key, ...fields],
})

export const thingType = 'zz.test.thing-seen.v1'

export const key = {
  name: 'person',
  type: 'string',
  identifies: 'person',
  scheme: 'pa-cedula',
  role: 'key',
  classification: 'personal',
}

export const field = (name: string, type: unknown, more: object = {}) => ({
  name,
  type,
  classification: 'public',
  ...more,
})
