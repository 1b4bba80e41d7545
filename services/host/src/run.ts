import { EngineError } from '@unavez/engine'
import { pino } from 'pino'

import { ConfigError, environment, readConfig } from './config.ts'
import { startHost } from './host.ts'
import { openLog } from './log.ts'
import { selectServices } from './services.ts'

/** Errors that an operator can mend are told in one clear sentence; anything else is a bug and keeps its stack. */
function fail(error: unknown): never {
  const clear = error instanceof ConfigError || error instanceof EngineError
  process.stderr.write(`${clear ? error.message : error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}

const config = (() => {
  try {
    return readConfig(environment)
  } catch (error) {
    return fail(error)
  }
})()
const print = (line: string): void => void process.stdout.write(`${line}\n`)
const log = openLog(config.LOG_LEVEL, pino.destination({ fd: 2, sync: true }))

try {
  const chosen = selectServices(process.argv.slice(2))
  const host = await startHost({ config, services: chosen, log, print })
  const stop = (): void => void host.close().then(() => process.exit(0), fail)
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
  if (chosen.length < selectServices([]).length) {
    print('Routes of these services, for the proxy in front of them:')
    for (const { method, url, owner } of host.routes) print(`  ${owner.padEnd(12)} ${method.padEnd(6)} ${url}`)
  }
  print(`Unavez listens on ${host.url} (${config.ENGINE}: ${chosen.map((service) => service.name).join(', ')})`)
} catch (error) {
  fail(error)
}
