import { EngineError, limits, type NewMessage } from '@unavez/engine'

import { contentBytes, fitsAlone, valueBytes } from './produce-encode.ts'
import { Lane, type LaneName, type LaneOptions } from './produce-lane.ts'
import type { Appended } from './produce-queue.ts'
import type { Wire } from './wire/index.ts'

export interface ProducerOptions {
  readonly wire: Wire
  readonly topicPrefix: string
  readonly appendBudgetMs: number
  readonly onAcknowledged: LaneOptions['onAcknowledged']
}

export interface Producer {
  append(message: NewMessage): Promise<Appended>
  ailments(): readonly string[]
  /** Answers what is in the air, refuses the rest. */
  close(): Promise<void>
}

/** So that timers that come late don't break the promise to answer within the budget. */
const marginMs = 25

const laneOf = (topic: string): LaneName =>
  topic === 'control' ? 'control' : topic.startsWith('events.') ? 'events' : 'rest'

function messageBytes({ key, value, headers }: NewMessage): number {
  let total = (key?.length ?? 0) + (value?.length ?? 0)
  for (const name in headers) total += Buffer.byteLength(name) + valueBytes(headers[name] ?? '')
  return total
}

/** Appends in three lanes: facts of the bus itself, exchanged events, and everything else. */
export function openProducer(options: ProducerOptions): Producer {
  const { wire, onAcknowledged, topicPrefix, appendBudgetMs } = options
  const lane = (name: LaneName): Lane => new Lane({ wire, name, onAcknowledged })
  const lanes = { control: lane('control'), events: lane('events'), rest: lane('rest') }
  let closed = false
  return {
    append: (message) =>
      new Promise((resolve, reject) => {
        if (closed) return reject(new EngineError('closed', 'The engine is closed.'))
        const content = contentBytes(message)
        if (messageBytes(message) > limits.messageBytes || !fitsAlone(content)) {
          const why = `Key, value and headers are more than ${limits.messageBytes} bytes together.`
          return reject(new EngineError('message-too-large', why))
        }
        const deadline = performance.now() + Math.max(0, appendBudgetMs - marginMs)
        const call = { message, content, deadline, resolve, reject }
        lanes[laneOf(message.topic)].add(topicPrefix + message.topic, call)
      }),
    ailments: () => Object.values(lanes).flatMap((each) => each.ailments()),
    close: async () => {
      closed = true
      await Promise.all(Object.values(lanes).map((each) => each.close()))
    },
  }
}
