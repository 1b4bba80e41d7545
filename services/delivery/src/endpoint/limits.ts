/** Named limits of everything that goes out over HTTP. */
export const endpointLimits = {
  /** From the question where a name leads to the end of the TLS handshake. Milliseconds. */
  connectMs: 5000,
  /** From the first byte of the request to the answer's headers. Milliseconds. */
  answerMs: 15_000,
  /** From the answer's headers to its end; what comes later is cut off. Milliseconds. */
  bodyMs: 5000,
  /** Of an answer's body, read for the effect or a token alone. */
  answerBytes: 64 * 1024,
  headerBytes: 16 * 1024,
  /** Requests under way to one endpoint, and in all. Each takes one connection. */
  underWay: 32,
  underWayInAll: 2048,
  /** Connections kept open without a request, of one endpoint and in all, and for how long. */
  idle: 8,
  idleInAll: 1024,
  idleMs: 30_000,
  /** Endpoints whose keys and connections are at hand; the one used longest ago is let go. */
  opened: 5000,
} as const
