/** Named limits that callers can rely on. Bytes, items, seconds. */
export const apiLimits = {
  eventBytes: 256 * 1024,
  batchItems: 500,
  batchBytes: 5 * 1024 * 1024,
  /** Any other body. */
  bodyBytes: 1024 * 1024,
  pageItems: 1000,
  pageItemsDefault: 50,
  waitSeconds: 30,
  tokenSeconds: 600,
  assertionSeconds: 300,
  /** An event's id: visible ASCII. */
  eventIdLength: 128,
} as const
