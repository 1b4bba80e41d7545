import { expect, test } from '@jest/globals'

import { ConfigError, readConfig } from '../src/config.ts'

function messageOf(work: () => unknown): string {
  try {
    work()
    return ''
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}

test('nothing set is a configuration that works', () => {
  expect(readConfig({})).toMatchObject({ ENGINE: 'embedded', HOST: '127.0.0.1', PORT: 8080, SANDBOX: 'on' })
})

test('every variable at fault is named in one message, and no value is', () => {
  const secret = 'not-32-bytes-of-base64'
  const environment = { ENGINE: 'rabbit', PORT: 'many', MASTER_KEY: secret, SANDBOX: 'perhaps' }
  const message = messageOf(() => readConfig(environment))
  for (const name of Object.keys(environment)) expect(message).toContain(name)
  expect(message).not.toContain(secret)
})

test('Kafka needs its addresses, and a sign-in its name and password', () => {
  expect(() => readConfig({ ENGINE: 'kafka' })).toThrow(/KAFKA_BROKERS[\s\S]*REDIS_URL/)
  const kafka = { ENGINE: 'kafka', KAFKA_BROKERS: 'b:9092', REDIS_URL: 'redis://r:6379' }
  expect(readConfig(kafka)).toMatchObject({ SANDBOX: 'off', KAFKA_TLS: 'off', KAFKA_SASL: 'none' })
  expect(() => readConfig({ ...kafka, KAFKA_SASL: 'plain' })).toThrow(/KAFKA_USERNAME[\s\S]*KAFKA_PASSWORD/)
})

test('networks opened to endpoints are written as networks', () => {
  const opened = (networks: string) => readConfig({ ALLOW_PRIVATE_ENDPOINTS: networks }).ALLOW_PRIVATE_ENDPOINTS
  expect(opened('127.0.0.0/8, fd00::/8')).toBe('127.0.0.0/8, fd00::/8')
  for (const wrong of ['localhost', '10.0.0.1', '10.0.0.0/33', '::/129', '10.0.0.0/8,x', '10.0.0.0/8/8', '*'])
    expect(messageOf(() => opened(wrong))).toContain('ALLOW_PRIVATE_ENDPOINTS: must be networks')
})
