import { createHash } from 'node:crypto'

import { disclosuresTopic, openLenses, recordEvidenceDisclosure } from '@unavez/exchange'
import { type AgreementState, rulesVersion } from '@unavez/policy'
import { Problem } from '@unavez/protocol'
import type { Call, Surroundings } from '@unavez/service-kit'

import type { RequestState } from './facts.ts'
import { evidenceTopic, readRecord } from './record.ts'
import type { Requests } from './requests.ts'
import { openHidden, openPart, type Sealing } from './sealing.ts'

/** As whom somebody is shown something. */
type Role = 'provider' | 'requester' | 'subject'

export interface Showing {
  readonly role: Role
  readonly requests: readonly RequestState[]
  /** The very bytes that are to leave. */
  readonly bytes: Buffer
}

/** What is opened of a request for one of its sides, and the record of it that is durable before anything leaves. */
export class Shower {
  readonly #surroundings: Surroundings
  readonly #requests: Requests
  readonly #sealing: Sealing
  readonly #lensFor: ReturnType<typeof openLenses>

  constructor(surroundings: Surroundings, { requests, sealing }: { requests: Requests; sealing: Sealing }) {
    this.#surroundings = surroundings
    this.#requests = requests
    this.#sealing = sealing
    this.#lensFor = openLenses(surroundings)
  }

  /** What its provider has to know to answer. */
  async forProvider(state: RequestState): Promise<object> {
    const { id, evidenceType, fields, requester, procedure, requirement, deadline, grounds, need, maxAge } = state
    const key = await this.#sealing.of(id)
    const { subject, parameters } = openHidden(key, state.sealed)
    const information =
      state.information === undefined ? undefined : openPart(key, 'information', state.information).toString()
    const known = {
      id,
      type: evidenceType,
      state: state.state,
      subject,
      fields,
      requester,
      procedure,
      requirement,
      deadline,
    }
    return {
      ...known,
      grounds,
      ...(state.availableAt === undefined ? {} : { availableAt: state.availableAt }),
      ...(parameters === undefined ? {} : { parameters }),
      ...(maxAge === undefined ? {} : { maxAge }),
      ...(need === undefined ? {} : { need }),
      ...(information === undefined ? {} : { information }),
    }
  }

  /** The agreed fields of the answer as JSON text: by the reader schema, so that what is not agreed is never decoded. */
  async answerOf(state: RequestState): Promise<string> {
    const { policy } = this.#surroundings.control
    const agreement = policy.agreement(state.agreement)
    if (state.answer === undefined || agreement === undefined) throw new Problem('not-found')
    const message = await this.#requests.recordAt(state.id, state.answer.offset)
    const fact = readRecord(message.value)?.facts.find(({ type }) => type === 'evidence-supplied')
    if (fact?.type !== 'evidence-supplied') throw new Problem('not-found')
    const wire = openPart(await this.#sealing.of(state.id), 'answer', fact.sealed)
    const lens = await this.#lensFor(this.#narrowed(agreement, state.fields))
    return lens.project(wire).data
  }

  readonly #narrow = new WeakMap<AgreementState, Map<string, AgreementState>>()

  /** The agreement with the fields of one request: the same object again for the same fields, so that its reader is compiled once. */
  #narrowed(agreement: AgreementState, fields: readonly string[]): AgreementState {
    if (fields.length === agreement.fields.length) return agreement
    const kept = this.#narrow.get(agreement) ?? new Map<string, AgreementState>()
    this.#narrow.set(agreement, kept)
    const name = fields.join(',')
    // Fields that an amendment took away meanwhile are not shown.
    const narrowed = kept.get(name) ?? {
      ...agreement,
      fields: fields.filter((field) => agreement.fields.includes(field)),
    }
    kept.set(name, narrowed)
    return narrowed
  }

  /** Durable on return; rejects 'unavailable', and then nothing leaves. */
  async record(call: Call, { role, requests, bytes }: Showing): Promise<void> {
    const { engine, control, clock } = this.#surroundings
    const { policy } = control
    const context = { log: engine.log, actor: call.actor, traceparent: call.traceparent, topic: evidenceTopic }
    const disclosure = {
      requests: requests.map(({ id }) => id),
      to: call.actor.onBehalfOf ?? call.actor.institution,
      as: role,
      agreements: requests.map(({ agreement }) => `${agreement}@${policy.agreement(agreement)?.version ?? 0}`),
      n: policy.offset,
      at: clock.now().toISOString(),
      rules: rulesVersion,
      count: requests.length,
      hash: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
      subjects: requests.map(({ subject }) => [subject]),
    }
    await recordEvidenceDisclosure(context, disclosure).catch((cause: unknown) => {
      throw new Problem('unavailable', { retryAfter: 1, cause })
    })
  }
}

export const showingTopics = [disclosuresTopic, evidenceTopic] as const
