import { expect, test } from '@jest/globals'
import type { Registers } from '@unavez/engine'
import { openWebhookSigner, openWebhookVerifier } from '@unavez/protocol'

import { openPushSecrets } from '../src/index.ts'

/** Registers in memory, as the port says. */
function memory(): Registers & { readonly values: Map<string, Buffer> } {
  const values = new Map<string, Buffer>()
  return {
    values,
    get: (name) => Promise.resolve(values.get(name)),
    put: (name, value) => Promise.resolve(void values.set(name, value)),
    compareAndPut: (name, expected, value) => {
      const present = values.get(name)
      const same = present === undefined ? expected === undefined : expected?.equals(present) === true
      if (same) values.set(name, value)
      return Promise.resolve(same)
    },
    destroy: (name) => Promise.resolve(void values.delete(name)),
  }
}

const now = new Date('2026-11-23T10:00:00Z')
const open = () => {
  const registers = memory()
  return { registers, secrets: openPushSecrets(registers, Buffer.alloc(32, 1)) }
}

test('a webhook is signed with every key in use: the owner verifies with what it was told', async () => {
  const { secrets } = open()
  const signing = await secrets.makeKey('sub_1', 'signing', 'a')
  const secret = await secrets.makeKey('sub_1', 'secret', 'b')
  const texts = await secrets.signingTexts({ id: 'sub_1', keys: [signing.key, secret.key] }, now)
  const body = Buffer.from('{}')
  const headers = { ...openWebhookSigner(texts)({ id: 'w', at: now, body }) }
  for (const { text } of [signing, secret])
    expect(openWebhookVerifier([text])({ headers, body }, now)).toMatchObject({ valid: true })
})

test('a key that was replaced signs until its time and no longer', async () => {
  const { secrets } = open()
  const { key } = await secrets.makeKey('sub_1', 'secret', 'b')
  const until = (time: string) => secrets.signingTexts({ id: 'sub_1', keys: [{ ...key, until: time }] }, now)
  expect(await until('2026-11-23T10:00:01Z')).toHaveLength(1)
  expect(await until('2026-11-23T10:00:00Z')).toHaveLength(0)
})

test('a command that is repeated finds the key that it made, and another one makes another', async () => {
  const { secrets } = open()
  const first = await secrets.makeKey('sub_1', 'secret', 'b')
  expect(await secrets.makeKey('sub_1', 'secret', 'b')).toEqual(first)
  expect((await secrets.makeKey('sub_1', 'secret', 'c')).text).not.toBe(first.text)
})

test('nothing stands in clear where it is kept, and what is forgotten is gone', async () => {
  const { registers, secrets } = open()
  const { text } = await secrets.makeKey('sub_1', 'secret', 'b')
  const auth = { kind: 'bearer', token: 'open-sesame' } as const
  const endpoint = await secrets.sealAuth('sub_1', auth, 'c')
  expect(endpoint).toEqual({ auth: 'bearer', sealed: 'c' })
  expect(await secrets.endpointAuth('sub_1', endpoint)).toEqual(auth)
  const kept = Buffer.concat([...registers.values.values()]).toString('latin1')
  for (const clear of ['sesame', text.slice(6, 20)]) expect(kept).not.toContain(clear)
  await secrets.forget('sub_1', { keys: ['b'], auths: ['c'] })
  expect(registers.values.size).toBe(0)
  expect(await secrets.endpointAuth('sub_1', endpoint)).toBeUndefined()
  expect(await secrets.endpointAuth('sub_1', await secrets.sealAuth('sub_1', { kind: 'none' }, 'd'))).toEqual({
    kind: 'none',
  })
})
