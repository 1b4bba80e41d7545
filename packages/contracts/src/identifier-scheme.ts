/** An identifier in the form that all its spellings share. Equal pairs are one subject. */
export interface CanonicalIdentifier {
  /** The scheme of the canonical form: a natural person's tax number is an identity number. */
  readonly scheme: string
  readonly id: string
}

export interface IdentifierScheme {
  /** What an identifier of the scheme may stand for. */
  readonly identifies: readonly string[]
  /** Tidied spellings, each with a hyphen, that are looked for in text; absent where they look like too much else. */
  readonly inText?: RegExp
  /** A canonical form that nobody has. */
  readonly sample: string
  /** The canonical form of tidied text (upper case, no spaces, ASCII hyphens), or undefined. Idempotent. */
  readonly canonical: (tidy: string) => CanonicalIdentifier | undefined
}
