import { BlockList, isIP } from 'node:net'

/** IANA's registry of special-purpose addresses: what is not reached over the internet, and what leads back inside in disguise. */
const special = {
  ipv4: [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.88.99.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4',
  ],
  /** Within 2000::/3, outside of which nothing is public: Teredo and its neighbours, documentation, 6to4. */
  ipv6: ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
}
const globalUnicast = ['2000::/3']

/** Which addresses the bus may connect to on an institution's word. */
export interface AddressGuard {
  /** Whether plain HTTP is possible at all: only to networks that the operator names. */
  readonly plain: boolean
  /** Whether an IP literal is in a network that the operator named. */
  opened(address: string): boolean
  /** Public ones are for HTTPS; whatever else there is, only in the networks named. */
  permits(address: string, protocol: string): boolean
}

/** `networks` in CIDR notation are open although they are private, and to plain HTTP. Throws on what is no network. */
export function openAddressGuard(networks: readonly string[]): AddressGuard {
  const named = listOf(networks)
  const blocked = listOf([...special.ipv4, ...special.ipv6])
  const global = listOf(globalUnicast)
  const opened = (address: string): boolean => {
    const family = familyOf(address)
    return family !== undefined && named.check(address, family)
  }
  return {
    plain: networks.length > 0,
    opened,
    permits(address, protocol) {
      const family = familyOf(address)
      if (family === undefined) return false
      if (opened(address)) return true
      const routed = family === 'ipv4' || global.check(address, family)
      return protocol === 'https:' && routed && !blocked.check(address, family)
    },
  }
}

export function isNetwork(cidr: string): boolean {
  const [address = '', prefix = '', ...more] = cidr.split('/')
  const family = familyOf(address)
  const longest = family === 'ipv4' ? 32 : 128
  return family !== undefined && more.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= longest
}

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    if (!isNetwork(network)) throw new TypeError(`${network} is no network in CIDR notation`)
    const [address = '', prefix = ''] = network.split('/')
    list.addSubnet(address, Number(prefix), isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}

/** Addresses of one link alone (`fe80::1%eth0`) are none here. */
function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  if (address.includes('%')) return undefined
  const family = isIP(address)
  return family === 0 ? undefined : family === 6 ? 'ipv6' : 'ipv4'
}
