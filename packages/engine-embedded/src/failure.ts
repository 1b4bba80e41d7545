/** SQLite's primary result codes that are told apart. */
export const busy = 5
export const fullDisk = 13

/** SQLite's primary result code of an error; undefined if SQLite did not make it. Errors of other realms count too. */
export function resultCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined
}

/** What an error says, without its kind. */
export const sayingOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error)
