import { expect, test } from '@jest/globals'
import { Problem } from '@unavez/protocol'
import fc from 'fast-check'

import { checkEndpointUrl, literalIn, openAddressGuard } from '../src/index.ts'

const internet = openAddressGuard([])
const lab = openAddressGuard(['127.0.0.0/8', 'fd12::/16'])

const refused = (url: string, guard = internet): string | undefined => {
  try {
    checkEndpointUrl(url, guard)
    return undefined
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const host = URL.canParse(url) ? new URL(url).hostname : url
    if (host !== '') expect(JSON.stringify(error.details)).not.toContain(host)
    return error.code
  }
}

test.each([
  'https://hooks.css.gob.pa/unavez',
  'https://hooks.css.gob.pa:8443/unavez?tenant=1',
  'https://8.8.8.8/x',
  'https://[2606:4700:4700::1111]/x',
  'https://niño.example/x',
])('%s may be an endpoint', (url) => {
  expect(refused(url)).toBeUndefined()
})

test.each([
  ['private', ['10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.0.1', '[fc00::1]', '[fdff::1]']],
  ['loopback', ['127.0.0.1', '127.255.0.1', '[::1]', 'localhost', 'localhost.', 'a.localhost', '0.0.0.0', '[::]']],
  ['link-local', ['169.254.169.254', '[fe80::1]', '[febf::1]']],
  ['shared by carriers', ['100.64.0.1', '100.127.255.255']],
  ['multicast, broadcast, reserved', ['224.0.0.1', '239.1.1.1', '255.255.255.255', '240.0.0.1', '[ff02::1]']],
  ['for tests and documentation', ['192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '[2001:db8::1]']],
  ['IPv4-mapped or -compatible', ['[::ffff:10.0.0.1]', '[::ffff:8.8.8.8]', '[::ffff:7f00:1]', '[::7f00:1]']],
  ['NAT64', ['[64:ff9b::10.0.0.1]', '[64:ff9b::808:808]', '[64:ff9b:1::1]']],
  ['6to4 and Teredo', ['[2002:7f00:1::]', '[2002:808:808::1]', '[2001:0:4136:e378:8000:63bf:3fff:fdd2]']],
  ['site-local, discard, outside of what is routed', ['[fec0::1]', '[100::1]', '[4000::1]', '[3fff::1]']],
  [
    'odd literals, also of public addresses',
    [
      '2130706433',
      '0x7f000001',
      '0x7f.1',
      '017700000001',
      '127.1',
      '0177.0.0.1',
      '134744072',
      '010.8.8.8',
      '１２７.0.0.1',
    ],
  ],
])('an address that is %s is refused', (_, hosts) => {
  for (const host of hosts) expect([host, refused(`https://${host}/hook`)]).toEqual([host, 'endpoint-not-allowed'])
})

test.each([
  '',
  'hooks.css.gob.pa',
  '/hook',
  'http://hooks.css.gob.pa/',
  'ftp://hooks.css.gob.pa/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'https://user@hooks.css.gob.pa/',
  'https://user:password@hooks.css.gob.pa/',
  'https://:password@hooks.css.gob.pa/',
  'https://8.8.8.8@10.0.0.1/',
  'https://hooks.css.gob.pa/#part',
  String.raw`https://hooks.css.gob.pa\@10.0.0.1/`,
  'https://hooks.css.gob.pa/a b',
  'https://hooks.css.gob.pa/\r\nx-injected: 1',
  'https://hooks.css.gob.pa:25/',
  'https://hooks.css.gob.pa:22/',
  'https://hooks.css.gob.pa:0/',
  `https://hooks.css.gob.pa/${'x'.repeat(2048)}`,
])('%j is no endpoint', (url) => {
  expect(refused(url)).toBe('endpoint-not-allowed')
})

test('networks that the operator opens are reached by plain HTTP and on any port, and no other private one is', () => {
  for (const url of ['http://127.0.0.1:3000/', 'https://127.5.5.5/', 'http://localhost:80/', 'http://[fd12::1]:90/'])
    expect(refused(url, lab)).toBeUndefined()
  for (const url of ['http://10.0.0.1/', 'https://10.0.0.1/', 'http://8.8.8.8/', 'http://[fd13::1]/', 'http://[::1]/'])
    expect(refused(url, lab)).toBe('endpoint-not-allowed')
  // A name may lead there: what it leads to is looked at when connecting.
  expect(refused('http://hooks.css.internal/', lab)).toBeUndefined()
  expect(refused('https://8.8.8.8/', lab)).toBeUndefined()
})

test('the guard knows no address that is none', () => {
  for (const text of ['', 'localhost', '127.0.0.1/8', 'fe80::1%eth0', '127.0.0.1\n', '::ffff:1.2.3.4%1'])
    expect(lab.permits(text, 'https:')).toBe(false)
  expect(() => openAddressGuard(['10.0.0.0'])).toThrow('is no network')
})

test('whatever the form of a private IPv4 address, it stays private', () => {
  const octet = fc.nat(255)
  const inside = fc.oneof(
    fc.tuple(fc.constantFrom(10, 127, 0), octet, octet, octet),
    fc.tuple(fc.constant(192), fc.constant(168), octet, octet),
    fc.tuple(fc.constant(172), fc.integer({ min: 16, max: 31 }), octet, octet),
    fc.tuple(fc.constant(169), fc.constant(254), octet, octet),
    fc.tuple(fc.constant(100), fc.integer({ min: 64, max: 127 }), octet, octet),
    fc.tuple(fc.integer({ min: 224, max: 255 }), octet, octet, octet),
  )
  const forms = (parts: readonly number[]): readonly string[] => {
    const [a = 0, b = 0, c = 0, d = 0] = parts
    const word = ((a * 256 + b) * 256 + c) * 256 + d
    const high = (a * 256 + b).toString(16)
    const low = (c * 256 + d).toString(16)
    return [
      parts.join('.'),
      String(word),
      `0x${word.toString(16)}`,
      `0${word.toString(8)}`,
      `${a}.${b}.${c * 256 + d}`,
      `[::ffff:${parts.join('.')}]`,
      `[::${parts.join('.')}]`,
      `[64:ff9b::${parts.join('.')}]`,
      `[2002:${high}:${low}::]`,
    ]
  }
  fc.assert(
    fc.property(inside, (parts) => {
      for (const host of forms(parts))
        expect([host, refused(`https://${host}/`)]).toEqual([host, 'endpoint-not-allowed'])
    }),
    { numRuns: 100 },
  )
})

test('a literal is known whatever brackets and dots are around it', () => {
  const literal = (url: string): string | undefined => literalIn(new URL(url))
  expect(literal('https://[2606:4700::1]/')).toBe('2606:4700::1')
  expect(literal('https://8.8.8.8/')).toBe('8.8.8.8')
  expect(literal('https://localhost/')).toBe('127.0.0.1')
  expect(literal('https://css.gob.pa/')).toBeUndefined()
})
