import { contractLimits } from './limits.ts'

const namePattern = /^[A-Za-z_][A-Za-z0-9_]*$/

/** An Avro name that is also a safe property name: nothing that every JavaScript object inherits. */
export const isName = (text: unknown): text is string =>
  typeof text === 'string' &&
  text.length <= contractLimits.nameLength &&
  namePattern.test(text) &&
  text !== 'prototype' &&
  !(text in Object.prototype)

export const isNamespace = (text: unknown): text is string =>
  typeof text === 'string' && text.length <= contractLimits.typeLength && text.split('.').every(isName)

/** `pa.gob.civil.birth-registered.v1` taken apart; `authority` = `pa.gob`. */
export interface TypeParts {
  readonly authority: string
  readonly domain: string
  readonly fact: string
  readonly major: number
}

const words = '[a-z][a-z0-9]*(?:-[a-z][a-z0-9]*)*'
const typePattern = new RegExp(`^(${words}(?:\\.${words})*)\\.(${words})\\.(${words})\\.v([1-9][0-9]{0,3})$`)

/** `<authority>.<domain>.<fact>.v<major>`, or undefined when the text is no type. */
export function typeParts(type: string): TypeParts | undefined {
  if (type.length > contractLimits.typeLength) return undefined
  const [, authority, domain, fact, major] = typePattern.exec(type) ?? []
  if (authority === undefined || domain === undefined || fact === undefined || major === undefined) return undefined
  return { authority, domain, fact, major: Number(major) }
}

const pascal = (kebab: string) =>
  kebab
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')

/**
 * The Avro full name of a type: `pa.gob.social-security.employment-started.v1` → `pa.gob.social_security.v1.EmploymentStarted`.
 * Every word begins with a letter, so the way back is unique.
 */
export function avroName(type: string): { readonly namespace: string; readonly name: string } | undefined {
  const parts = typeParts(type)
  if (parts === undefined) return undefined
  const namespace = `${parts.authority}.${parts.domain}.v${parts.major}`.replaceAll('-', '_')
  const name = pascal(parts.fact)
  return isNamespace(namespace) && isName(name) ? { namespace, name } : undefined
}

/** The type of an Avro full name, or undefined when no type has that name. */
export function typeOfAvroName(fullName: string): string | undefined {
  const [, prefix, major, name] = /^(.+)\.v([1-9][0-9]*)\.([A-Z][A-Za-z0-9]*)$/.exec(fullName) ?? []
  if (prefix === undefined || major === undefined || name === undefined) return undefined
  const fact = name.replaceAll(/(?!^)[A-Z]/g, '-$&').toLowerCase()
  const type = `${prefix.replaceAll('_', '-')}.${fact}.v${major}`
  const back = avroName(type)
  return back !== undefined && `${back.namespace}.${back.name}` === fullName ? type : undefined
}

/** One step of a JSON Pointer (RFC 6901). */
export const pointerStep = (step: string | number): string =>
  `/${typeof step === 'number' ? step : step.replaceAll('~', '~0').replaceAll('/', '~1')}`
