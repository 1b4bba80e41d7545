import { createHash, randomBytes } from 'node:crypto'

import type { NewMessage } from '@unavez/engine'
import { Problem } from '@unavez/protocol'
import { byOf, type Call, open, seal, type Surroundings, withMac } from '@unavez/service-kit'

import type { EvidenceDocument, RequestState } from './facts.ts'
import { chunkHeader, evidenceTopic, partitionOfRequest } from './record.ts'
import type { Requests } from './requests.ts'
import type { Sealing } from './sealing.ts'

export const documentLimits = {
  bytes: 10 * 1024 * 1024,
  /** Of one request. */
  documents: 20,
  /** Sealed, a chunk stays below the message limit. */
  chunkBytes: 512 * 1024,
} as const

/** What a document may be: told by its first bytes, not by what its sender says. */
const kinds: ReadonlyMap<string, readonly number[]> = new Map([
  ['application/pdf', [0x25, 0x50, 0x44, 0x46]],
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
])
export const mediaTypes: readonly string[] = [...kinds.keys()]

/** Documents that go with an answer: sealed chunks in the log beside the request's facts, readable as long as its key lives. */
export class Documents {
  readonly #surroundings: Surroundings
  readonly #requests: Requests
  readonly #sealing: Sealing

  constructor(surroundings: Surroundings, { requests, sealing }: { requests: Requests; sealing: Sealing }) {
    this.#surroundings = surroundings
    this.#requests = requests
    this.#sealing = sealing
  }

  /** Durable on return. Refuses 'content-type-unsupported' for what is none of the kinds. */
  async store(call: Call, id: string, { n, bytes }: { n: number; bytes: Buffer }): Promise<EvidenceDocument> {
    const mediaType = kindOf(bytes)
    const key = await this.#sealing.of(id)
    const chunks: number[] = []
    for (let at = 0; at < bytes.length; at += documentLimits.chunkBytes) {
      const part = `${n}/${chunks.length}`
      const sealed = seal(key, `document/${part}`, bytes.subarray(at, at + documentLimits.chunkBytes))
      const { offset } = await this.#requests.append(this.#chunk(call, id, { part, sealed }))
      chunks.push(offset)
    }
    const hash = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
    return { n, mediaType, bytes: bytes.length, hash, chunks }
  }

  async bytesOf(state: RequestState, { n, chunks }: EvidenceDocument): Promise<Buffer> {
    const key = await this.#sealing.of(state.id)
    const parts: Buffer[] = []
    for (const [i, offset] of chunks.entries()) {
      const { value } = await this.#requests.recordAt(state.id, offset)
      parts.push(open(key, `document/${n}/${i}`, value ?? Buffer.alloc(0)))
    }
    return Buffer.concat(parts)
  }

  #chunk(call: Call, id: string, { part, sealed }: { part: string; sealed: Buffer }): NewMessage {
    const { keys, control } = this.#surroundings
    const key = Buffer.from(id)
    const headers = {
      salt: randomBytes(16),
      n: Buffer.from(String(control.policy.offset)),
      by: Buffer.from(JSON.stringify(byOf(call.actor))),
      traceparent: Buffer.from(call.traceparent),
      [chunkHeader]: Buffer.from(part),
    }
    const content = { key, value: sealed, headers }
    const partition = partitionOfRequest(id)
    return { topic: evidenceTopic, partition, ...content, headers: withMac(keys.of('evidence-mac'), content) }
  }
}

function kindOf(bytes: Buffer): string {
  for (const [mediaType, start] of kinds) if (start.every((byte, i) => bytes[i] === byte)) return mediaType
  throw new Problem('content-type-unsupported')
}
