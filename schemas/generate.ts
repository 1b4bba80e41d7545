import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

import { renderAll, type SchemaFile } from './render.ts'

const here = dirname(fileURLToPath(import.meta.url))
const target = join(here, 'generated')

async function filesBelow(folder: string, ending: string): Promise<readonly SchemaFile[]> {
  const names = await readdir(folder, { recursive: true }).catch(() => [])
  const wanted = names.filter((name) => name.endsWith(ending) && !name.includes('node_modules')).sort()
  return Promise.all(
    wanted.map(async (name) => ({
      path: name.split(sep).join('/'),
      text: await readFile(join(folder, name), 'utf8'),
    })),
  )
}

/** What the generated folder should hold and does not, or holds and should not; paths below it. */
export async function drift(): Promise<{
  readonly missing: readonly SchemaFile[]
  readonly surplus: readonly string[]
}> {
  const wanted = renderAll(await filesBelow(here, '.avsc'))
  const present = new Map((await filesBelow(target, '.ts')).map(({ path, text }) => [path, text]))
  const paths = new Set(wanted.map(({ path }) => path))
  return {
    missing: wanted.filter(({ path, text }) => present.get(path) !== text),
    surplus: [...present.keys()].filter((path) => !paths.has(path)),
  }
}

async function main(isCheck: boolean): Promise<void> {
  const { missing, surplus } = await drift()
  const changed = [...missing.map(({ path }) => path), ...surplus]
  if (isCheck) {
    if (changed.length === 0) return
    process.stderr.write(`schemas/generated is out of date (${changed.join(', ')}): node schemas/generate.ts\n`)
    process.exitCode = 1
    return
  }
  for (const path of surplus) await rm(join(target, path))
  for (const { path, text } of missing) {
    await mkdir(dirname(join(target, path)), { recursive: true })
    await writeFile(join(target, path), text)
  }
  process.stdout.write(changed.length === 0 ? 'schemas/generated is up to date\n' : `wrote ${changed.join(', ')}\n`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main(process.argv.includes('--check'))
