import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'

/**
 * A name for this version of the package: the hash of its own sources. Any change may change what is made of a log, so that a
 * snapshot of another version is not this version's fold.
 */
export async function policyVersion(): Promise<string> {
  const directory = new URL('.', import.meta.url)
  const names = (await readdir(directory, { recursive: true })).filter((name) => /\.[cm]?[jt]s$/.test(name))
  const hash = createHash('sha256')
  for (const name of names.toSorted()) {
    hash.update(`${name}\0`).update(await readFile(new URL(name.replaceAll('\\', '/'), directory)))
  }
  return hash.digest('base64url')
}
