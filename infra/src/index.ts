export { findKafka, findRedis, type FoundKafka, type FoundRedis, type Missing } from './find.ts'
export { missingForLocalKafka } from './jars.ts'
export { type LocalBroker, type LocalKafka, startKafka } from './kafka.ts'
export { type LocalRedis, startRedis } from './redis.ts'
