import { isEngineError } from '@unavez/engine'
import { Problem } from '@unavez/protocol'
import type { Log } from '@unavez/service-kit'
import { type DestinationStream, pino } from 'pino'

/** JSON lines. An Error is told as what it is and where, never with a message that may quote what was being read. */
export const openLog = (level: string, to: DestinationStream): Log => pino({ level, serializers: { error: told } }, to)

function told(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  // The engine's own sentences name topics and hosts only.
  if (isEngineError(error)) return { code: error.code, message: error.message }
  if (error instanceof Problem)
    return { code: error.code, ...(error.cause === undefined ? {} : { cause: told(error.cause) }) }
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line))
  return { name: error.name, ...('code' in error ? { code: error.code } : {}), stack: frames?.join('\n') }
}
