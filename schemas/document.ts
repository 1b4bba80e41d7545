/** A contract as `POST /v1/contracts` takes it. `schema` is an Avro record with the bus's attributes on its fields. */
export interface ContractDocument {
  readonly type: string
  readonly kind: 'event'
  readonly domain: string
  /** Institution that publishes it. */
  readonly owner: string
  /** ISO 8601 period that events are kept. */
  readonly retention: string
  readonly description: { readonly es: string; readonly en: string }
  readonly schema: object
}
