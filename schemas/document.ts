/** A contract as `POST /v1/contracts` takes it. `schema` is an Avro record with the bus's attributes on its fields. */
export type ContractDocument = EventDocument | EvidenceDocument

interface Described {
  readonly type: string
  readonly domain: string
  /** Institution that publishes or provides it. */
  readonly owner: string
  readonly description: { readonly es: string; readonly en: string }
  readonly schema: object
}

export interface EventDocument extends Described {
  readonly kind: 'event'
  /** ISO 8601 period that events are kept. */
  readonly retention: string
}

export interface EvidenceDocument extends Described {
  readonly kind: 'evidence'
  /** ISO 8601 period for which an answer may be used. */
  readonly validity: string
  /** Event types that make an earlier answer about a subject that they name stale. */
  readonly staleOn: readonly string[]
  /** ISO 8601 period within which the provider promises an answer. */
  readonly answerWithin: string
  /** Whether the citizen sees the evidence before it is used. */
  readonly previewRequired: boolean
  /** What a predicate asks: a small Avro record, none of whose fields identifies anyone. */
  readonly parameters?: object
}
