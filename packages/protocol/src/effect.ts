export const effects = ['applied', 'rejected', 'not-relevant'] as const

/** What a consumer says that it did with an event: in the answer to a webhook, or afterwards. `detail` names no person. */
export interface Effect {
  readonly effect: (typeof effects)[number]
  readonly detail?: string
}
