import { isProblemCode, type ProblemCode, problems } from './catalogue.ts'

export type Language = 'es' | 'en'

/** A sentence in both languages, for what is decided in one place and told in another. */
export interface Text {
  readonly es: string
  readonly en: string
}

/** One reason of a decision, as told to whoever was refused. */
export interface Reason {
  readonly code: string
  readonly text: string
  readonly remedy?: string
  readonly whoCanGrant?: readonly string[]
}

export interface ProblemDetails {
  /** What adds to the title; never holds the value at fault. */
  readonly detail?: Text
  /** JSON Pointer of the fault. */
  readonly pointer?: string
  /** Identifier of the decision that refused: recomputes and explains itself. */
  readonly decision?: string
  readonly remedy?: Text
  readonly whoCanGrant?: readonly string[]
  /** What stands in the way, each in a line of its own: agreements that use a contract. */
  readonly users?: readonly Readonly<Record<string, string>>[]
  /** Seconds after which a retry makes sense (`Retry-After`). */
  readonly retryAfter?: number
  readonly cause?: unknown
}

/** RFC 9457, as `application/problem+json`. */
export interface ProblemDocument {
  readonly type: string
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail?: string
  readonly instance?: string
  readonly pointer?: string
  readonly decision?: string
  readonly remedy?: string
  readonly whoCanGrant?: readonly string[]
  readonly users?: readonly Readonly<Record<string, string>>[]
}

/** A no that the caller may see. Whatever else is thrown is a bug: 500, logged, never shown. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly details: ProblemDetails

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(details.detail === undefined ? problems[code].en : `${problems[code].en}: ${details.detail.en}`, {
      cause: details.cause,
    })
    this.name = 'Problem'
    this.code = code
    this.status = problems[code].status
    this.details = details
  }

  /** The document in one language. `instance` names the request, never its content. */
  document(language: Language, instance?: string): ProblemDocument {
    const { detail, pointer, decision, remedy, whoCanGrant, users } = this.details
    return {
      type: `urn:unavez:problem:${this.code}`,
      status: this.status,
      code: this.code,
      title: problems[this.code][language],
      ...(detail === undefined ? {} : { detail: detail[language] }),
      ...(instance === undefined ? {} : { instance }),
      ...(pointer === undefined ? {} : { pointer }),
      ...(decision === undefined ? {} : { decision }),
      ...(remedy === undefined ? {} : { remedy: remedy[language] }),
      ...(whoCanGrant === undefined ? {} : { whoCanGrant }),
      ...(users === undefined ? {} : { users }),
    }
  }

  /** The same class again on the caller's side. A code that this version does not know becomes 'internal-error' with its title kept. */
  static from(document: ProblemDocument, retryAfter?: number): Problem {
    const known = isProblemCode(document.code)
    const text = document.detail ?? (known ? undefined : document.title)
    return new Problem(known ? document.code : 'internal-error', {
      ...(text === undefined ? {} : { detail: { es: text, en: text } }),
      ...(document.pointer === undefined ? {} : { pointer: document.pointer }),
      ...(document.decision === undefined ? {} : { decision: document.decision }),
      ...(document.remedy === undefined ? {} : { remedy: { es: document.remedy, en: document.remedy } }),
      ...(document.whoCanGrant === undefined ? {} : { whoCanGrant: document.whoCanGrant }),
      ...(document.users === undefined ? {} : { users: document.users }),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    })
  }
}
