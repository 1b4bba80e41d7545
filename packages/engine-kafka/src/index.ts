export { type KafkaEngineOptions, openKafkaEngine } from './engine.ts'
