export { type EmbeddedEngine, type EmbeddedOptions, openEmbeddedEngine } from './open.ts'
