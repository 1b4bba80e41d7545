import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { trustedIssuers } from '../src/trusted-issuers.ts'

const remote = { issuer: 'https://idp.example', audience: 'unavez', jwks_uri: 'https://idp.example/jwks' }
const list = JSON.stringify([remote])
const read = [{ issuer: remote.issuer, audience: 'unavez', claim: 'client_id', jwksUri: remote.jwks_uri }]

describe('TRUSTED_ISSUERS', () => {
  let directory: string
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'unavez-issuers-'))
  })
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  test('is a list, or the path of one, or nothing', () => {
    const path = join(directory, 'issuers.json')
    writeFileSync(path, list)
    expect(trustedIssuers(list)).toEqual(read)
    expect(trustedIssuers(path)).toEqual(read)
    expect(trustedIssuers('')).toBeUndefined()
  })

  test.each([
    ['no list', '{"issuer":"x"}'],
    ['neither keys nor where they are', JSON.stringify([{ ...remote, jwks_uri: undefined }])],
    ['keys over plain HTTP', JSON.stringify([{ ...remote, jwks_uri: 'http://idp.example/jwks' }])],
    ['something unknown', JSON.stringify([{ ...remote, trust: 'all' }])],
    ['nobody', '[]'],
  ])('with %s is told in one sentence that names the variable', (_name, given) => {
    expect(() => trustedIssuers(given)).toThrow(/^TRUSTED_ISSUERS: .+\.$/)
  })
})
