/** @type {import('jest').Config} */
export default {
  testMatch: ['<rootDir>/{schemas,packages,services,infra,test}/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'esnext' }, module: { type: 'es6' } }],
  },
  testEnvironment: 'node',
  testTimeout: 120_000,
  maxWorkers: 2,
  reporters: ['default'],
  globalSetup: '<rootDir>/test/setup/start.mjs',
  globalTeardown: '<rootDir>/test/setup/stop.mjs',
  testSequencer: '<rootDir>/test/setup/sequencer.mjs',
}
