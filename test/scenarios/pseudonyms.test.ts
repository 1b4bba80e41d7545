import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from '@unavez/sdk'

import { type Answered, ask, problemIn } from '../setup/ask.ts'
import { type Bus, combinations } from '../setup/bus.ts'
import { linkContract, linkOf } from '../setup/identity.ts'
import { birthContract, birthOf, birthWorld, openWorld } from '../setup/world.ts'

const path = '/v1/pseudonyms'
const taxType = 'pa.gob.tax.taxpayer-noted.v1'

/** A contract about a person by another number. */
const contractOf = (type: string, scheme: string) => {
  const [, , domain = '', fact = ''] = type.split('.')
  const name = fact.replaceAll(/(?:^|-)(\w)/g, (_all, letter: string) => letter.toUpperCase())
  const subject = { name: 'subject', type: 'string', scheme, role: 'key', classification: 'personal', doc: 'Who' }
  const fields = [{ ...subject, identifies: 'person' }]
  const schema = { type: 'record', name, namespace: type.replace(/\.[^.]+\.v1$/, '.v1'), fields }
  return { ...birthContract, type, domain, schema }
}

describe.each(combinations)('Pseudonyms of people that a consumer knows ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
  })
  afterAll(() => bus?.close())

  const asked = (as: Client, scheme: string, ids: readonly unknown[]): Promise<Answered> =>
    ask(bus, { path, as, json: { scheme, ids } })
  const pseudonyms = async (scheme: string, ...ids: readonly string[]): Promise<readonly string[]> => {
    const { status, json } = await asked(world.css, scheme, ids)
    expect({ status, json }).toMatchObject({ status: 200, json: { scheme } })
    return (json as { pseudonyms: readonly string[] }).pseudonyms
  }
  const subjectOf = async (subscription: string, id: string): Promise<string | undefined> =>
    (await world.css.pull(subscription, { limit: 1000 })).events.find((event) => event.id === id)?.subject

  test('they are those of the events, in the order asked, however a number is spelled', async () => {
    await world.te.publish(birthOf('known', '8-2001-1'))
    const [one, other, again] = await pseudonyms('pa-cedula', '8-2001-1', '8-2001-2', ' 08-2001-00001')
    expect(one).toBe(await subjectOf(world.births, 'known'))
    expect(again).toBe(one)
    expect(other).not.toBe(one)
  })

  test('after a link both numbers have the pseudonym of the first', async () => {
    await world.contract(world.te, linkContract)
    await world.te.publish(birthOf('linked', 'E-8-2002'))
    await world.te.publish(linkOf('link', { person: 'N-20-2002', other: 'E-8-2002', kind: 'replaced' }))
    const [first, second] = await pseudonyms('pa-cedula', 'E-8-2002', 'N-20-2002')
    expect(first).toBe(await subjectOf(world.births, 'linked'))
    expect(second).toBe(first)
  })

  test('a natural person is one under RUC and cédula, in JSON of different contracts; a company is nobody’s cédula', async () => {
    await world.contract(world.te, contractOf(taxType, 'pa-ruc'))
    const agreement = await openWorld(bus).agreement(world.css, world.te, { contract: taxType, fields: ['subject'] })
    const taxes = await world.subscription(world.css, agreement)
    const { data: _, ...envelope } = birthOf('by-ruc', 'x')
    await world.te.publish({ ...envelope, type: taxType, data: { subject: '8-2003-1' } })
    await world.te.publish({ ...envelope, id: 'company', type: taxType, data: { subject: '155596713-2-2015' } })
    await world.te.publish(birthOf('by-cedula', '8-2003-1'))
    const subject = await subjectOf(world.births, 'by-cedula')
    expect(await subjectOf(taxes, 'by-ruc')).toBe(subject)
    expect(await subjectOf(taxes, 'company')).not.toBe(subject)
    expect(await pseudonyms('pa-ruc', '8-2003-1')).toEqual([subject])
    expect(await pseudonyms('pa-cedula', '8-2003-1')).toEqual([subject])
  })

  test('numbers of another country are of people of their own', async () => {
    const [dui] = await pseudonyms('sv-dui', '00016297-5')
    const [cedula] = await pseudonyms('pa-cedula', '8-2001-1')
    expect(dui).toMatch(/^[\w-]{43}$/)
    expect(dui).not.toBe(cedula)
  })

  test('P7: what is no identifier is refused at its place, and no number is told again', async () => {
    const answered = await asked(world.css, 'pa-cedula', ['8-2001-1', '8-2001'])
    expect(problemIn(answered, 'identifier-invalid').pointer).toBe('/ids/1')
    for (const [scheme, ids] of [
      ['pa-cedula', []],
      ['pa-cedula', [7]],
      ['pa-cedula', Array.from({ length: 1001 }, () => '8-2001-1')],
      ['pa-nothing', ['8-2001-1']],
    ] as const)
      expect(problemIn(await asked(world.css, scheme, ids), 'body-invalid').status).toBe(400)
    expect(answered.text).not.toContain('8-2001')
    expect(bus.output()).not.toContain('8-2001')
  })

  test('P14: beyond so many a second they are refused until the next', async () => {
    const ids = Array.from({ length: 1000 }, (_each, i) => `8-2004-${i + 1}`)
    const answers = await Promise.all(Array.from({ length: 40 }, () => asked(world.css, 'pa-cedula', ids)))
    const refused = answers.filter(({ status }) => status !== 200)
    expect(refused.every(({ status }) => status === 429)).toBe(true)
    expect(answers.length - refused.length).toBeGreaterThan(0)
  })

  test('who consumes nothing is told so, and who asks is counted', async () => {
    const { decision } = problemIn(await asked(world.te, 'pa-cedula', ['8-2001-1']))
    expect(decision).toEqual(expect.any(String))
    const texts = await Promise.all(bus.processes.map(async (url) => (await ask({ url }, { path: '/metrics' })).text))
    expect(texts.join('\n')).toMatch(/unavez_pseudonyms_total\{institution="css"\} [1-9]/)
    expect(texts.join('\n')).not.toMatch(/8-2001/)
  })
})

describe.each(combinations)('A contract that will be gone ($name)', ({ open }) => {
  test('RFC 9745, RFC 8594: its publishers are told so in every answer', async () => {
    const bus = await open()
    try {
      const { te } = await birthWorld(bus)
      const post = (id: string, batch: boolean) => {
        const event = { specversion: '1.0', source: 'urn:unavez:pa:te:registro', ...birthOf(id, '8-1-1') }
        const type = `application/cloudevents${batch ? '-batch' : ''}+json`
        const body = JSON.stringify(batch ? [event] : event)
        return ask(bus, { path: '/v1/events', as: te, body, headers: { 'content-type': type } })
      }
      expect((await post('before', false)).headers.get('deprecation')).toBeNull()
      const sunset = '2990-01-01T00:00:00Z'
      await te.post(`/v1/contracts/${birthContract.type}/deprecate`, { sunset })
      for (const batch of [false, true]) {
        const { status, headers } = await until(() => post(`after-${batch}`, batch))
        expect(status).toBeLessThan(300)
        expect(headers.get('deprecation')).toMatch(/^@\d{10}$/)
        expect(headers.get('sunset')).toBe(new Date(sunset).toUTCString())
      }
    } finally {
      await bus.close()
    }
  })
})

/** Another process may be up to the lease behind. */
async function until(post: () => Promise<Answered>): Promise<Answered> {
  for (const end = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const answered = await post()
    if (answered.headers.get('deprecation') !== null || Date.now() > end) return answered
  }
}
