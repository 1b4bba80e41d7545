import { type EventLog, isEngineError } from '@unavez/engine'
import { headerText } from '@unavez/exchange'

/** Id of the event at a place; '' once retention is over for it. */
export async function eventAt(
  log: EventLog,
  at: { topic: string; partition: number; offset: number },
): Promise<string> {
  const page = await log.read(at, { messages: 1, bytes: 1, waitMs: 0 }).catch((error: unknown) => {
    if (isEngineError(error, 'position-gone')) return { messages: [] }
    throw error
  })
  const [message] = page.messages
  return message?.offset === at.offset ? headerText(message.headers, 'id') : ''
}
