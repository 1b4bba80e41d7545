import type { IdentifierScheme } from './identifier-scheme.ts'

export const institutionScheme = 'unavez-institution'

/** An institution by its id on this bus: public, so it is not looked for in text. Nobody can join under the sample's name. */
export const unavezInstitution: IdentifierScheme = {
  identifies: ['institution'],
  sample: 'bus',
  canonical: (tidy) =>
    /^[A-Z][A-Z0-9-]{1,40}$/.test(tidy) ? { scheme: institutionScheme, id: tidy.toLowerCase() } : undefined,
}
