import type { Engine } from '@unavez/engine'
import { openEmbeddedEngine } from '@unavez/engine-embedded'
import { openKafkaEngine } from '@unavez/engine-kafka'

import type { Config } from './config.ts'

/** The only place that sees both engines' inside. */
export const engines: Readonly<Record<Config['ENGINE'], (config: Config) => Promise<Engine>>> = {
  embedded: (config) => openEmbeddedEngine({ directory: config.DATA_DIR, appendBudgetMs: config.APPEND_BUDGET }),
  kafka: (config) =>
    openKafkaEngine({
      brokers: config.KAFKA_BROKERS.split(',').map((broker) => broker.trim()),
      redisUrl: config.REDIS_URL,
      topicPrefix: config.TOPIC_PREFIX,
      appendBudgetMs: config.APPEND_BUDGET,
    }),
}
