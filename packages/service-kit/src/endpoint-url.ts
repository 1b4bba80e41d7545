import { isIP } from 'node:net'

import { Problem, type Text } from '@unavez/protocol'

import type { AddressGuard } from './address-guard.ts'

const urlLength = 2048
/** Below it are ports of other protocols, that a request must not be able to speak to. */
const firstFreePort = 1024
const webPorts = new Set(['', '80', '443'])

/**
 * An address that an institution wants the bus to call: its form, and the address itself where it stands in the URL. What a name
 * leads to is looked at with each connection. Throws 'endpoint-not-allowed' without repeating the address; `pointer` says where it stood.
 */
export function checkEndpointUrl(text: string, guard: AddressGuard, pointer = '/endpoint/url'): URL {
  if (text.length > urlLength || !URL.canParse(text))
    throw new Problem('endpoint-not-allowed', { detail: faults.url, pointer })
  const url = new URL(text)
  const detail = faultOf(text, url, guard)
  if (detail !== undefined) throw new Problem('endpoint-not-allowed', { detail, pointer })
  return url
}

/** The IP literal that a URL's host is; undefined for a name. `localhost` leads nowhere else (RFC 6761). */
export function literalIn({ hostname }: URL): string | undefined {
  const bare = hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  if (bare === 'localhost' || bare.endsWith('.localhost')) return '127.0.0.1'
  return isIP(bare) === 0 ? undefined : bare
}

function faultOf(text: string, url: URL, guard: AddressGuard): Text | undefined {
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && guard.plain)) return faults.scheme
  if (url.username !== '' || url.password !== '') return faults.userinfo
  if (url.hash !== '') return faults.fragment
  if (/[\s\\]/.test(text)) return faults.url
  const literal = literalIn(url)
  // The parser reads 0x7f.1 and 2130706433 as 127.0.0.1; whoever means an address can write it.
  if (isIP(url.hostname) === 4 && !text.includes(`//${url.hostname}`)) return faults.address
  if (literal !== undefined && !guard.permits(literal, url.protocol)) return faults.address
  const opened = literal !== undefined && guard.opened(literal)
  return webPorts.has(url.port) || Number(url.port) >= firstFreePort || opened ? undefined : faults.port
}

const faults = {
  url: { es: 'No es una URL absoluta', en: 'It is no absolute URL' },
  scheme: { es: 'La dirección debe empezar por https:', en: 'The address must begin with https:' },
  userinfo: {
    es: 'La dirección no lleva usuario ni contraseña; para eso está auth',
    en: 'The address carries no user and no password; auth is for that',
  },
  fragment: { es: 'La dirección no lleva fragmento', en: 'The address carries no fragment' },
  address: {
    es: 'La dirección no es pública y no está entre las redes que abrió quien opera el bus',
    en: 'The address is not public, and not in a network that the operator of the bus has opened',
  },
  port: { es: 'El puerto debe ser 80, 443 o mayor de 1023', en: 'The port must be 80, 443 or above 1023' },
} as const satisfies Record<string, Text>
