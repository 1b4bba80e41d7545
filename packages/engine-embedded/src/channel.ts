import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

import { EngineError, type EngineErrorCode } from '@unavez/engine'

import { type Command, type Operation, pack, packedRoom } from './batch.ts'
import { ContinuousBuffer } from './continuous-buffer.ts'
import { type FromWriter, isRefusal, type Result, type State, type ToWriter, type WriterSettings } from './messages.ts'
import type { Slice } from './ring.ts'
import { sizes } from './sizes.ts'

/** Who awaits what came of one operation. `content` is where an append's encoded content stands, for the ring. */
interface Caller {
  readonly kind: Operation['kind']
  readonly done: (result: Exclude<Result, { code: string }>, at: number, content: Slice | undefined) => void
  readonly failed: (error: EngineError) => void
  readonly bytes: number
  /** The place behind it in the packed buffer. */
  readonly end: number
}

interface Flight {
  readonly callers: readonly Caller[]
  readonly packed: Buffer
  readonly sentAt: number
  /** Other things than appends stand between: what outlives the flight must be copied out. */
  readonly mixed: boolean
  /** Its callers were told 'unknown'. */
  givenUp: boolean
}

interface Asked {
  readonly resolve: () => void
  readonly reject: (error: EngineError) => void
}

export interface ChannelEvents {
  /** Called at the start, and whenever the writer's view of the file may have moved. */
  state(state: State): void
  /** The file was opened again: readers should be too. */
  reopened(): void
  /** Called before any answer is given: what was answered for is in the file. */
  answering(): void
  /** All answers of one commit have been given. */
  committed(): void
}

const outOfBudget = 'The disk did not answer in time: whether this was written is not known.'

/** The engine's side of the writer: packs what is called in one turn of the event loop into one message. */
export class Channel {
  readonly #worker: Worker
  readonly #events: ChannelEvents
  readonly #budgetMs: number
  readonly #flights = new Map<number, Flight>()
  readonly #commands = new Map<number, Asked>()
  readonly #watch: NodeJS.Timeout
  #queue: Caller[] = []
  readonly #packing = new ContinuousBuffer()
  #queuedBytes = 0
  #batch = 0
  #ended: string | undefined
  #closing = false
  ailment: string | undefined

  private constructor(worker: Worker, budgetMs: number, events: ChannelEvents) {
    this.#worker = worker
    this.#events = events
    this.#budgetMs = budgetMs
    worker.on('message', (message: FromWriter) => this.#hear(message))
    worker.on('error', (error) => this.#end(`The writer has failed: ${error.message}`))
    worker.on('exit', () => this.#end('The writer has ended.'))
    this.#watch = setInterval(() => this.#giveUpOld(), Math.min(250, budgetMs / 2)).unref()
  }

  /** Resolves once the writer has the file open and `events.state` was called; else rejects 'cannot-start'. */
  static async open(settings: WriterSettings, budgetMs: number, events: ChannelEvents): Promise<Channel> {
    const worker = new Worker(new URL('./writer.ts', import.meta.url), { workerData: settings })
    const [first]: [FromWriter] = await once(worker, 'message').then(
      ([message]) => [message],
      (error: Error) => [{ kind: 'cannot-start', message: error.message }],
    )
    if (first.kind === 'ailment' || first.kind === 'opened') {
      const channel = new Channel(worker, budgetMs, events)
      const opened = first.kind === 'opened' ? first : await channel.#untilOpened(first.sentence)
      events.state(opened.state)
      return channel
    }
    const why = first.kind === 'cannot-start' ? first.message : 'the writer did not answer'
    await worker.terminate()
    throw new EngineError('cannot-start', `The data in ${settings.directory} could not be opened: ${why}`)
  }

  async #untilOpened(sentence: string | undefined): Promise<FromWriter & { kind: 'opened' }> {
    this.ailment = sentence
    for (;;) {
      const [message]: FromWriter[] = await once(this.#worker, 'message')
      if (message?.kind === 'opened') return message
    }
  }

  /** Queues an operation; `done` is called in the order of the log. */
  call(operation: Operation, done: Caller['done'], failed: Caller['failed']): void {
    const room = packedRoom(operation)
    if (this.#closing) return failed(new EngineError('closed', 'The engine is closed.'))
    if (this.#ended !== undefined) return failed(failure(operation.kind, 'not-written', this.#ended))
    if (this.#queuedBytes + room > sizes.queueBytes) {
      return failed(failure(operation.kind, 'not-written', 'Too much is waiting for the disk.'))
    }
    // Packed at once: what the caller made for it may go long before the disk has answered.
    const { start, end } = this.#packing.add(room, (into, at) => pack(operation, into, at))
    const bytes = end - start
    this.#queuedBytes += bytes
    this.#queue.push({ kind: operation.kind, done, failed, bytes, end })
    if (this.#queue.length === 1) setImmediate(() => this.#flush())
  }

  /** The same as a promise. */
  ask(operation: Operation): Promise<Exclude<Result, { code: string }>> {
    return new Promise((resolve, reject) => this.call(operation, resolve, reject))
  }

  /** What was called before is done before. Rejects as the command says. */
  command(command: Command): Promise<void> {
    if (this.#closing) return Promise.reject(new EngineError('closed', 'The engine is closed.'))
    if (this.#ended !== undefined) return Promise.reject(new EngineError('not-written', this.#ended))
    this.#flush()
    const batch = ++this.#batch
    const answered = new Promise<void>((resolve, reject) => this.#commands.set(batch, { resolve, reject }))
    this.#send({ kind: 'command', batch, command })
    return answered
  }

  #send(message: ToWriter): void {
    this.#worker.postMessage(message)
  }

  #flush(): void {
    const callers = this.#queue
    if (callers.length === 0) return
    this.#queue = []
    const packed = this.#packing.take()
    const batch = ++this.#batch
    const mixed = callers.some(({ kind }) => kind !== 'append')
    this.#flights.set(batch, { callers, packed, mixed, sentAt: performance.now(), givenUp: false })
    this.#send({ kind: 'batch', batch, packed })
  }

  #hear(message: FromWriter): void {
    this.#events.answering()
    switch (message.kind) {
      case 'answers':
        return this.#answer(message)
      case 'done':
        this.#events.state(message.state)
        return this.#settle(message.batch, ({ resolve }) => resolve())
      case 'refused': {
        const { code, message: sentence } = message.refusal
        return this.#settle(message.batch, ({ reject }) => reject(new EngineError(code, sentence)))
      }
      case 'opened':
        this.#events.state(message.state)
        return this.#events.reopened()
      case 'ailment':
        this.ailment = message.sentence
        return
      case 'cannot-start':
      case 'closed':
        return
    }
  }

  #settle(batch: number, how: (asked: Asked) => void): void {
    const asked = this.#commands.get(batch)
    this.#commands.delete(batch)
    if (asked !== undefined) how(asked)
  }

  #answer({ batch, at, results }: FromWriter & { kind: 'answers' }): void {
    const flight = this.#flights.get(batch)
    if (flight === undefined) return
    this.#flights.delete(batch)
    let start = 0
    for (const [index, caller] of flight.callers.entries()) {
      const result = results[index] ?? null
      this.#queuedBytes -= caller.bytes
      if (isRefusal(result)) caller.failed(new EngineError(result.code, result.message))
      else caller.done(result, at, caller.kind === 'append' ? contentOf(flight, start, caller.end) : undefined)
      start = caller.end
    }
    this.#events.committed()
  }

  /**
   * What the writer has not answered within the budget is not known to the callers. Should the answer come, it counts for
   * everyone else; until then the bytes stay in the account, so that a dead disk fills no memory.
   */
  #giveUpOld(): void {
    const oldest = performance.now() - this.#budgetMs
    for (const flight of this.#flights.values()) {
      if (flight.sentAt > oldest) return
      if (flight.givenUp) continue
      flight.givenUp = true
      for (const { kind, failed } of flight.callers) failed(failure(kind, 'unknown', outOfBudget))
    }
  }

  #end(why: string): void {
    if (this.#ended !== undefined) return
    this.#ended = why
    if (!this.#closing) this.ailment = why
    clearInterval(this.#watch)
    for (const { callers } of this.#flights.values()) {
      for (const { kind, failed } of callers) failed(failure(kind, 'unknown', why))
    }
    for (const { kind, failed } of this.#queue) failed(failure(kind, 'not-written', why))
    for (const { reject } of this.#commands.values()) reject(new EngineError('unknown', why))
    this.#flights.clear()
    this.#commands.clear()
    this.#queue = []
  }

  /** Answers what was called before, folds everything into the file, and ends the writer. */
  async close(): Promise<void> {
    if (this.#closing) return
    this.#flush()
    this.#closing = true
    if (this.#ended !== undefined) return
    const exited = new Promise((resolve) => this.#worker.once('exit', resolve))
    this.#send({ kind: 'close' })
    const hung = setTimeout(() => void this.#worker.terminate(), this.#budgetMs + sizes.closeMs)
    await exited
    clearTimeout(hung)
  }
}

/** Kind, number of the partition and length stand before an append's content. */
const appendHead = 9

function contentOf({ packed, mixed }: Flight, start: number, end: number): Slice {
  if (!mixed) return { bytes: packed, start: start + appendHead, end }
  const bytes = Buffer.from(packed.subarray(start + appendHead, end))
  return { bytes, start: 0, end: bytes.length }
}

/** Views and claims have no promise to break: for them the engine is just not there. */
const failure = (kind: Operation['kind'], code: EngineErrorCode, message: string): EngineError =>
  new EngineError(kind === 'write-view' || kind === 'claim' ? 'unavailable' : code, message)
