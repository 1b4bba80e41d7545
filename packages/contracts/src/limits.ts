/** What a schema and a record may cost at most. */
export const contractLimits = {
  /** Characters of a schema as JSON. */
  schemaTextLength: 256 * 1024,
  /** Types inside types: records, arrays, maps, unions. */
  schemaDepth: 12,
  /** Types in a schema, each named type counted wherever it is used. */
  schemaTypes: 2_000,
  nameLength: 100,
  typeLength: 200,
  docLength: 2_000,
  enumSymbols: 1_000,
  /** Parameters of a predicate. */
  parameters: 20,
  /** Advice that lint gives at once. */
  lintWarnings: 200,
  fixedBytes: 65_536,
  decimalPrecision: 38,
  /** Bytes of a decimal of variable length; the greatest precision needs 16. */
  decimalBytes: 64,
  /** Bytes of one record, without the header of the wire format. */
  recordBytes: 256 * 1024,
  /** Longest text that can be an identifier, as written. */
  identifierLength: 64,
  /** Comparisons and combinations of one filter, and how deep they may stand in each other. */
  filterParts: 64,
  filterDepth: 8,
  filterTextLength: 256,
  /** Readers kept per contract: one per (writer, field set); beyond it the oldest is made again when needed. */
  readersKept: 1_000,
} as const
