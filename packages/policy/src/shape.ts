import { isObject } from './envelope.ts'

/** Whether a value of a fact's body is what this code understands. */
export type Shape = (value: unknown) => boolean

export const string: Shape = (value) => typeof value === 'string'
export const integer: Shape = (value) => Number.isSafeInteger(value) && Number(value) >= 0
export const anyObject: Shape = isObject

export const optional =
  (shape: Shape): Shape =>
  (value) =>
    value === undefined || shape(value)

export const oneOf =
  (...values: readonly unknown[]): Shape =>
  (value) =>
    values.includes(value)

export const list =
  (item: Shape): Shape =>
  (value) =>
    Array.isArray(value) && value.every((each) => item(each))

/** Exactly these properties: one that this code doesn't know may restrict what the fact allows, so it isn't ignored. */
export const object =
  (properties: Readonly<Record<string, Shape>>): Shape =>
  (value) =>
    isObject(value) &&
    Object.keys(value).every((name) => Object.hasOwn(properties, name)) &&
    Object.entries(properties).every(([name, shape]) => shape(value[name]))

export const text = object({ es: string, en: string })
export const publicKey: Shape = (value) => isObject(value) && string(value['kid']) && string(value['kty'])
