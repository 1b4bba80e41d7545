import { createHmac } from 'node:crypto'

import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { deriveKey, MacKey, pairwisePseudonym, pseudonymOf, rootPseudonym } from '../src/index.ts'

const master = Buffer.from(Array.from({ length: 32 }, (_, i) => i))
const rootKey = deriveKey(master, 'root-pseudonym')
const consumerKey = deriveKey(master, 'some-consumer')
const root = rootPseudonym(new MacKey(rootKey), { scheme: 'pa-cedula', id: '8-123-456' })

describe('keys and pseudonyms can never change', () => {
  test('derived key', () => {
    expect(rootKey.toString('hex')).toBe('9714556b70593abea5a339fc4ecdfa60392586077312d739553ad41fda668058')
  })

  test('root pseudonym', () => {
    expect(root).toBe('uOY0qix_bOGqI2Hp8Cn2c7XdubrcYD8ktFPs56gJsUc')
  })

  test('pairwise pseudonym', () => {
    expect(pairwisePseudonym(new MacKey(consumerKey), root)).toBe('_uuWZQ7MSo7n0ZxMCZcxW1R8vqyIuP3BGs1MHdG0yes')
  })
})

describe('pseudonyms', () => {
  test('differ by key, scheme, identifier and label', () => {
    const key = new MacKey(rootKey)
    const others = [
      rootPseudonym(key, { scheme: 'pa-ruc', id: '8-123-456' }),
      rootPseudonym(key, { scheme: 'pa-cedula', id: '8-123-457' }),
      rootPseudonym(new MacKey(consumerKey), { scheme: 'pa-cedula', id: '8-123-456' }),
      pairwisePseudonym(key, root),
    ]
    expect(new Set([root, ...others]).size).toBe(5)
  })

  test('are 43 characters of base64url, and back', () => {
    expect(root).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(pseudonymOf(root)?.toString('base64url')).toBe(root)
    expect(pseudonymOf('')).toBeUndefined()
    expect(pseudonymOf(`${root}=`)).toBeUndefined()
  })

  test('MacKey is HMAC-SHA256, whatever the length of key and message', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.array(fc.oneof(fc.uint8Array({ maxLength: 400 }), fc.string({ unit: 'binary', maxLength: 400 })), {
          minLength: 1,
          maxLength: 5,
        }),
        (key, messages) => {
          const mac = new MacKey(key)
          for (const message of messages) {
            expect(mac.text(message)).toBe(createHmac('sha256', key).update(message).digest('base64url'))
          }
        },
      ),
    )
  })
})
