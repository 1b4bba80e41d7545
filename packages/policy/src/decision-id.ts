import { createHmac, timingSafeEqual } from 'node:crypto'

import { type Action, actions, type Actor, type Decision, type Question, type Target } from './question.ts'

/** What a decision is recomputed from. */
export interface DecidedQuestion {
  readonly question: Question
  readonly controlOffset: number
  readonly at: Date
  readonly rulesVersion: number
}

const prefix = 'dec_'
const macBytes = 16
/** Of an id, in characters. Routers have to let this much pass as a path parameter. */
export const decisionIdLength = 1024

const kinds = [
  'institution',
  'system',
  'contract',
  'agreement',
  'subscription',
  'norm',
  'procedure',
  'delegation',
  'evidence',
] as const

/**
 * `dec_` + base64url(16-byte HMAC-SHA256 ‖ JSON [format, action, institution, system, kind, id, offset, clock in ms, rules] and, where there is more to the
 * actor, {person, key, onBehalfOf}).
 * It stores nothing and holds no identifier of a citizen: the names in it are those of the bus's own things.
 */
export function encodeDecision(key: Buffer, question: Question, decision: Decision): string {
  const { action, actor, on } = question
  const { controlOffset, at, rulesVersion } = decision
  const target = on.kind === 'bus' ? '' : on.id
  const content = [
    1,
    action,
    actor.institution,
    actor.system,
    on.kind,
    target,
    controlOffset,
    at.getTime(),
    rulesVersion,
    ...moreOf(actor),
  ]
  const bytes = Buffer.from(JSON.stringify(content))
  return prefix + Buffer.concat([mac(key, bytes), bytes]).toString('base64url')
}

type More = Pick<Actor, 'person' | 'key' | 'onBehalfOf'>

function moreOf({ person, key, onBehalfOf }: Actor): readonly More[] {
  if (person === undefined && key === undefined && onBehalfOf === undefined) return []
  return [moreFrom({ person, key, onBehalfOf })]
}

function moreFrom(more: unknown): More {
  if (typeof more !== 'object' || more === null) return {}
  const text = (name: keyof More): More => {
    const value: unknown = name in more ? (more as Record<string, unknown>)[name] : undefined
    return typeof value === 'string' ? { [name]: value } : {}
  }
  return { ...text('person'), ...text('key'), ...text('onBehalfOf') }
}

/** Undefined for anything that `encodeDecision` did not make with this key. */
export function decodeDecision(key: Buffer, id: string): DecidedQuestion | undefined {
  if (!id.startsWith(prefix) || id.length > decisionIdLength) return undefined
  const text = id.slice(prefix.length)
  const bytes = Buffer.from(text, 'base64url')
  const content = bytes.subarray(macBytes)
  if (bytes.length <= macBytes || bytes.toString('base64url') !== text) return undefined
  if (!timingSafeEqual(bytes.subarray(0, macBytes), mac(key, content))) return undefined
  return read(JSON.parse(content.toString('utf8')))
}

function read(content: unknown): DecidedQuestion | undefined {
  if (!Array.isArray(content) || content[0] !== 1) return undefined
  const [, action, institution, system, kind, id, controlOffset, at, rulesVersion, more]: readonly unknown[] = content
  const on = targetOf(kind, id)
  if (!isAction(action) || typeof institution !== 'string' || typeof system !== 'string' || on === undefined)
    return undefined
  if (typeof controlOffset !== 'number' || typeof at !== 'number' || typeof rulesVersion !== 'number') return undefined
  return {
    question: { action, actor: { institution, system, ...moreFrom(more) }, on },
    controlOffset,
    at: new Date(at),
    rulesVersion,
  }
}

const isAction = (value: unknown): value is Action => actions.some((action) => action === value)

function targetOf(kind: unknown, id: unknown): Target | undefined {
  if (typeof id !== 'string') return undefined
  if (kind === 'bus') return { kind }
  const known = kinds.find((each) => each === kind)
  return known && { kind: known, id }
}

const mac = (key: Buffer, content: Buffer): Buffer =>
  createHmac('sha256', key).update('decision').update(content).digest().subarray(0, macBytes)
