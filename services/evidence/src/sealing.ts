import { randomBytes } from 'node:crypto'

import type { Registers } from '@unavez/engine'
import { Problem } from '@unavez/protocol'
import { type Keys, open, seal } from '@unavez/service-kit'

/** What names a subject in clear: only inside a seal. */
export interface SubjectInClear {
  readonly scheme: string
  readonly id: string
}

/** What a request hides from everybody but its two sides, as JSON. */
export interface Hidden {
  readonly subject: SubjectInClear
  readonly parameters?: Readonly<Record<string, unknown>>
}

const nameOf = (id: string): string => `evidence/${id}`

/**
 * Each request has a key of its own, in a sealed register: once that is destroyed, nothing of what was asked and answered can be
 * read, whichever store still holds its records.
 */
export class Sealing {
  readonly #registers: Registers
  readonly #key: Buffer

  constructor(registers: Registers, keys: Keys) {
    this.#registers = registers
    this.#key = keys.of('registers')
  }

  /** The request's key, made before its first record is written; a repeat of the request finds the same one. */
  async make(id: string): Promise<Buffer> {
    const name = nameOf(id)
    const present = await this.#registers.get(name)
    if (present === undefined)
      await this.#registers.compareAndPut(name, undefined, seal(this.#key, name, randomBytes(32)))
    return this.of(id)
  }

  /** Rejects 'not-found' once it is destroyed. */
  async of(id: string): Promise<Buffer> {
    const value = await this.#registers.get(nameOf(id))
    if (value === undefined) throw new Problem('not-found')
    return open(this.#key, nameOf(id), value)
  }

  async destroy(id: string): Promise<void> {
    await this.#registers.destroy(nameOf(id))
  }

  /** A proof outlives the evidence: it is sealed under a key that stays. */
  sealProof = (id: string, proof: string): string =>
    seal(this.#key, `${nameOf(id)}/proof`, Buffer.from(proof)).toString('base64')
}

/** `part` is authenticated with it, so that sealed parts of a request can't change places. base64. */
export const sealPart = (key: Buffer, part: string, value: Buffer): string => seal(key, part, value).toString('base64')

export const openPart = (key: Buffer, part: string, sealed: string): Buffer =>
  open(key, part, Buffer.from(sealed, 'base64'))

export const sealHidden = (key: Buffer, hidden: Hidden): string =>
  sealPart(key, 'hidden', Buffer.from(JSON.stringify(hidden)))

/** Sealed by the bus alone, in this form. */
export const openHidden = (key: Buffer, sealed: string): Hidden =>
  JSON.parse(openPart(key, 'hidden', sealed).toString()) as Hidden
