import type { Redis } from 'ioredis'

/** What the views and the volatile state need of a connection. */
export interface RedisLink {
  readonly redis: Redis
  readonly prefix: string
  /** Runs a call; whatever goes wrong with Redis becomes 'unavailable'. */
  readonly ask: <Answer>(call: () => Promise<Answer>) => Promise<Answer>
  /** One answer per process life of the server behind the connection: another one may have lost what this one knew. */
  server(): Promise<string>
}
