import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'

import type { Engine } from '../engine.ts'
import { EngineError, type EngineErrorCode } from '../errors.ts'
import type { Message, NewMessage, TopicSpec } from '../log.ts'
import type { Misbehaviour } from '../misbehaviour.ts'

/** A running engine. `close` ends it and all its other instances, and removes what it kept. */
export interface Opened {
  readonly engine: Engine
  /** A second instance on the same data; where one process shares one engine, the same one again. */
  another(): Promise<Engine>
  readonly misbehaviour?: Misbehaviour
  close(): Promise<void>
}

/** A fresh engine each time; whether it shares data with earlier ones does not matter to the suite. */
export type Open = () => Promise<Opened>

/** How engines may differ. Tests never ask which engine they run on. */
export interface Traits {
  /** Offers `misbehaviour`, whose own tests run then. */
  readonly misbehaves?: boolean
  /** Runs of each property test; default 25. */
  readonly propertyRuns?: number
}

/** What every test stands on. */
export interface Bench {
  readonly traits: { readonly propertyRuns: number }
  readonly engine: Engine
  readonly other: Engine
  readonly misbehaviour: Misbehaviour
  open(): Promise<Opened>
}

/** A name that no other test uses, of topics, groups, keys, views. */
export const unique = (kind: string): string => `${kind}-${randomUUID().slice(0, 13)}`

/** Makes a topic of its own for one test, one partition unless told otherwise. */
export async function aTopic(engine: Engine, spec: Partial<Omit<TopicSpec, 'name'>> = {}): Promise<string> {
  const name = unique('conformance')
  await engine.log.ensureTopics([{ name, partitions: 1, cleanup: 'keep', ...spec }])
  return name
}

/** A message of partition 0 with a text as its value. */
export const aMessage = (topic: string, text: string, more: Partial<NewMessage> = {}): NewMessage => ({
  topic,
  partition: 0,
  key: Buffer.from('key'),
  value: Buffer.from(text),
  headers: {},
  ...more,
})

/** Texts `prefix0`, `prefix1`, … */
export const texts = (count: number, prefix = ''): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`)

/** Appends texts to partition 0 in one go. */
export const appendAll = (engine: Engine, topic: string, values: readonly string[]) =>
  Promise.all(values.map((text) => engine.log.append(aMessage(topic, text))))

export const textOf = (message: Pick<Message, 'value'>): string => message.value?.toString() ?? '(null)'

export const atOnce = { messages: 10_000, bytes: 50_000_000, waitMs: 0 } as const
export const patiently = { messages: 10_000, bytes: 50_000_000, waitMs: 30_000 } as const

/** Reads a partition to the end known by each page. */
export async function readAll(engine: Engine, topic: string, partition = 0): Promise<readonly Message[]> {
  const bounds = await engine.log.bounds(topic)
  const found: Message[] = []
  let offset = bounds.find((one) => one.partition === partition)?.first ?? 0
  for (;;) {
    const page = await engine.log.read({ topic, partition, offset }, atOnce)
    found.push(...page.messages)
    offset = page.next
    if (page.next >= page.end) return found
  }
}

/** The code with which a promise was refused, or 'fulfilled'. An error that no engine made is thrown on. */
export async function outcome(promise: Promise<unknown>): Promise<EngineErrorCode | 'fulfilled'> {
  try {
    await promise
    return 'fulfilled'
  } catch (error) {
    if (error instanceof EngineError) return error.code
    throw error
  }
}

/** Awaits a condition; the limit is for broken engines only. */
export async function eventually(condition: () => boolean | Promise<boolean>, limitMs = 60_000): Promise<void> {
  const deadline = Date.now() + limitMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not so within ${limitMs} ms: ${condition.toString()}`)
    await pause(10)
  }
}

/** Resolves once the signal aborts. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
