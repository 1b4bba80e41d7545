import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const home = join(import.meta.dirname, '..')
const store = join(home, '.kafka')
const jars = join(store, 'jars-4.4.0')

/** One sentence about what is missing to run a Kafka from Maven's jars; undefined if it can be done. */
export async function missingForLocalKafka(): Promise<string | undefined> {
  const version = await run('java', ['-version']).then(
    ({ stderr, stdout }) => Number(/version "(\d+)/.exec(stderr + stdout)?.[1] ?? 0),
    () => 0,
  )
  if (version < 17) return 'Java 17 or newer (java in PATH) would help.'
  if (existsSync(jars)) return undefined
  return run('mvn', ['--version']).then(
    () => undefined,
    () => 'Maven (mvn in PATH) would help: it fetches the jars of Kafka.',
  )
}

/** The folder with Kafka's jars, fetched once. Concurrent callers may fetch twice; the first one to finish wins. */
export async function kafkaJars(): Promise<string> {
  if (existsSync(jars)) return jars
  await mkdir(store, { recursive: true })
  const fetched = await mkdtemp(join(store, 'fetching-'))
  try {
    const goal = ['-q', '-B', '-f', join(home, 'kafka/pom.xml'), 'dependency:copy-dependencies']
    await run('mvn', [...goal, `-DoutputDirectory=${fetched}`], { timeout: 600_000 })
    await rename(fetched, jars)
  } catch (error) {
    await rm(fetched, { recursive: true, force: true })
    if (!existsSync(jars)) throw error
  }
  return jars
}
