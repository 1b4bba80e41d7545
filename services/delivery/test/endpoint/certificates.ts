import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

/** A certificate and its key, in PEM. */
export interface Certified {
  readonly certificate: string
  readonly key: string
  readonly name: string
  readonly privateKey: KeyObject
}

export interface Wanted {
  readonly name: string
  /** Who signs; itself if nobody. */
  readonly by?: Certified
  /** `IP:127.0.0.1` or `DNS:css.test`. */
  readonly altName?: string
  readonly until?: Date
}

const oids = { ecdsaSha256: '06082a8648ce3d040302', name: '0603550403', altName: '0603551d11', basic: '0603551d13' }

/** An X.509 certificate (RFC 5280) with a key on P-256, made here: tests need no other program. */
export function certify({ name, by, altName, until = new Date(Date.now() + 86_400_000) }: Wanted): Certified {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = der(0x30, hex(oids.ecdsaSha256))
  const from = new Date(Math.min(until.getTime(), Date.now()) - 86_400_000)
  const body = der(
    0x30,
    der(0xa0, der(0x02, hex('02'))),
    der(0x02, Buffer.concat([hex('01'), createHash('md5').update(randomBytes(8)).digest()])),
    algorithm,
    nameOf(by?.name ?? name),
    der(0x30, time(from), time(until)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, ...extensions(altName))),
  )
  const signature = sign('sha256', body, by?.privateKey ?? privateKey)
  const whole = der(0x30, body, algorithm, der(0x03, Buffer.concat([hex('00'), signature])))
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${whole.toString('base64')}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    name,
    privateKey,
  }
}

function extensions(altName: string | undefined): readonly Buffer[] {
  const authority = der(0x30, hex(oids.basic), der(0x01, hex('ff')), der(0x04, der(0x30, der(0x01, hex('ff')))))
  if (altName === undefined) return [authority]
  const [kind, value = ''] = altName.split(':')
  const told = kind === 'IP' ? der(0x87, Buffer.from(value.split('.').map(Number))) : der(0x82, Buffer.from(value))
  return [der(0x30, hex(oids.altName), der(0x04, der(0x30, told)))]
}

const nameOf = (name: string): Buffer => der(0x30, der(0x31, der(0x30, hex(oids.name), der(0x0c, Buffer.from(name)))))

const time = (at: Date): Buffer => der(0x17, Buffer.from(`${at.toISOString().replaceAll(/[-:T]/g, '').slice(2, 14)}Z`))

const hex = (text: string): Buffer => Buffer.from(text, 'hex')

function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const content = Buffer.concat(contents)
  const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}
