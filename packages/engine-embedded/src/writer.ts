import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'

import { isEngineError } from '@unavez/engine'

import { unpack } from './batch.ts'
import { sayingOf } from './failure.ts'
import type { FromWriter, Refusal, Result, ToWriter, WriterSettings } from './messages.ts'
import { sizes } from './sizes.ts'
import { Store } from './store.ts'

// The writer's thread: takes what queued while the last commit ran, and makes it the next one.

type Batch = ToWriter & { kind: 'batch' }
type Asked = ToWriter & { kind: 'command' }

if (parentPort === null) throw new Error('the writer runs as a worker thread')
const port = parentPort
const settings: WriterSettings = workerData
const tell = (message: FromWriter): void => port.postMessage(message)
const store = new Store(settings, {
  ailment: (sentence) => tell({ kind: 'ailment', sentence }),
  reopened: (state) => tell({ kind: 'opened', state }),
})

const refusalOf = (error: unknown): Refusal =>
  isEngineError(error)
    ? { code: error.code, message: error.message }
    : { code: 'not-written', message: `The database could not be written: ${sayingOf(error)}` }

/** Commits batches together and tells each its own part of the results. */
function commit(batches: readonly Batch[]): void {
  const parts = batches.map(({ packed }) => unpack(packed))
  const { at, results } = store.commit(parts.flat())
  let start = 0
  for (const [index, { batch }] of batches.entries()) {
    const end = start + (parts[index]?.length ?? 0)
    tell({ kind: 'answers', batch, at, results: results.slice(start, end) satisfies Result[] })
    start = end
  }
}

function perform({ batch, command }: Asked): void {
  const done = (): void => tell({ kind: 'done', batch, state: store.state() })
  try {
    switch (command.kind) {
      case 'ensure-topics':
        store.ensureTopics(command.topics)
        return done()
      case 'trim':
        store.trim(command.partition, command.before, done)
        return forgetSoon()
      case 'keep-views':
        store.keepViews()
        return done()
      case 'roll-back-views':
        store.rollBackViews()
        return done()
      case 'lose-claims':
        store.loseClaims()
        return done()
    }
  } catch (error) {
    tell({ kind: 'refused', batch, refusal: refusalOf(error) })
  }
}

let forgetting = false
function forgetSoon(): void {
  if (forgetting || !store.hasWork) return
  forgetting = true
  setImmediate(() => {
    forgetting = false
    try {
      store.step()
      forgetSoon()
    } catch {
      // Nothing is lost: the timer below tries again.
    }
  })
}

function take(messages: readonly ToWriter[]): void {
  let batches: Batch[] = []
  let bytes = 0
  const flush = (): void => {
    if (batches.length > 0) commit(batches)
    batches = []
    bytes = 0
  }
  for (const message of messages) {
    if (message.kind === 'batch') {
      batches.push(message)
      bytes += message.packed.byteLength
      if (bytes >= sizes.commitBytes) flush()
      continue
    }
    flush()
    if (message.kind === 'command') perform(message)
    else close()
  }
  flush()
}

function close(): void {
  clearInterval(rinsing)
  clearInterval(probing)
  attempt(() => store.close())
  tell({ kind: 'closed' })
  port.close()
}

const attempt = (work: () => void): void => {
  try {
    work()
  } catch {
    // It comes round again.
  }
}
const rinsing = setInterval(() => attempt(() => store.rinse()), settings.rinseMs)
const probing = setInterval(() => {
  forgetSoon()
  if (store.isAiling && !store.hasWork) attempt(() => store.probe())
}, sizes.probeMs)

try {
  tell({ kind: 'opened', state: store.start() })
  forgetSoon()
  port.on('message', (message: ToWriter) => {
    const messages = [message]
    for (let more = receiveMessageOnPort(port); more !== undefined; more = receiveMessageOnPort(port)) {
      messages.push(more.message)
    }
    take(messages)
  })
} catch (error) {
  clearInterval(rinsing)
  clearInterval(probing)
  tell({ kind: 'cannot-start', message: isEngineError(error) ? error.message : sayingOf(error) })
}
