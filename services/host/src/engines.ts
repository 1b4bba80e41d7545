import { readFileSync } from 'node:fs'

import type { Engine } from '@unavez/engine'
import { openEmbeddedEngine } from '@unavez/engine-embedded'
import { type KafkaEngineOptions, openKafkaEngine } from '@unavez/engine-kafka'

import { type Config, ConfigError, listIn } from './config.ts'

/** The only place that sees both engines' inside. */
export const engines: Readonly<Record<Config['ENGINE'], (config: Config) => Promise<Engine>>> = {
  embedded: (config) => openEmbeddedEngine({ directory: config.DATA_DIR, appendBudgetMs: config.APPEND_BUDGET }),
  kafka: (config) =>
    openKafkaEngine({
      brokers: listIn(config.KAFKA_BROKERS),
      redisUrl: config.REDIS_URL,
      topicPrefix: config.TOPIC_PREFIX,
      appendBudgetMs: config.APPEND_BUDGET,
      security: securityOf(config),
    }),
}

type Security = NonNullable<KafkaEngineOptions['security']>

function securityOf(config: Config): Security {
  const ssl = config.KAFKA_CA === '' ? true : { ca: authority(config.KAFKA_CA) }
  const { KAFKA_SASL: mechanism, KAFKA_USERNAME: username, KAFKA_PASSWORD: password } = config
  return {
    ...(config.KAFKA_TLS === 'on' ? { ssl } : {}),
    ...(mechanism === 'none' ? {} : { sasl: { mechanism, username, password } }),
  }
}

function authority(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    throw new ConfigError(`KAFKA_CA: ${path} can't be read.`)
  }
}
