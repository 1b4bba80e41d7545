import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Client } from '@unavez/sdk'

import { type Answered, ask } from '../setup/ask.ts'
import type { Bus } from '../setup/bus.ts'
import { openPairOnKafka, openSharedBus } from '../setup/engines.ts'
import { birthContract, birthType, birthWorld } from '../setup/world.ts'

/** Two instances of everything on one engine. */
const pairs: readonly { readonly name: string; readonly open: () => Promise<Bus> }[] = [
  { name: 'embedded', open: async () => (await openSharedBus(2)).bus },
  ...(process.env['KAFKA_BROKERS'] === undefined ? [] : [{ name: 'kafka', open: openPairOnKafka }]),
]

const reason = { reason: 'Raced' }
const rounds = 6

describe.each(pairs)('Commands that race on two instances ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
  })
  afterAll(() => bus?.close())

  const on = (instance: number) => ({ url: bus.processes[instance % bus.processes.length] ?? bus.url })

  const post = (instance: number, as: Client, what: string | { path: string; json: object }): Promise<Answered> =>
    ask(on(instance), { as, ...(typeof what === 'string' ? { path: what, json: reason } : what) })

  interface Entry {
    readonly type: string
    readonly version: number
  }

  async function historyOf(agreement: string, after: readonly Answered[] = []): Promise<readonly Entry[]> {
    const at = Math.max(0, ...after.map(({ headers }) => Number(headers.get('unavez-at') ?? 0)))
    const answered = await ask(bus, {
      as: world.te,
      path: `/v1/agreements/${agreement}/history`,
      headers: { 'unavez-at': String(at) },
    })
    return (answered.json as { items: readonly Entry[] }).items
  }

  const statuses = (answers: readonly Answered[]): readonly number[] => answers.map(({ status }) => status)

  async function requested(): Promise<string> {
    const { id } = await world.css.post<{ id: string }>('/v1/agreements', {
      consumer: 'css',
      contract: birthType,
      purpose: { es: 'Afiliar', en: 'Enrol' },
      legalBasis: { kind: 'law', norm: 'Ley 51 de 2005' },
      fields: ['child'],
      validUntil: '2030-01-01T00:00:00Z',
    })
    return id
  }

  test('one of many approvals wins, the others are told of the state that it left', async () => {
    const id = await requested()
    await historyOf(id)
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, i) => post(i, world.te, `/v1/agreements/${id}/approve`)),
    )
    expect(statuses(answers).filter((status) => status === 200)).toHaveLength(1)
    expect(new Set(statuses(answers))).toEqual(new Set([200, 409]))
    expect((await historyOf(id, answers)).map(({ type }) => type)).toEqual([
      'agreement-requested',
      'agreement-approved',
    ])
  })

  test('an amendment, its approval, a suspension and the end leave one history, each yes in it once', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const id = await requested()
      const approved = await post(round, world.te, `/v1/agreements/${id}/approve`)
      await historyOf(id, [approved])
      const before = await post(0, world.css, {
        path: `/v1/agreements/${id}/amend`,
        json: { fields: ['child', 'birthDate'] },
      })
      expect(before.status).toBe(200)
      const commands = {
        'agreement-amended': post(1, world.te, `/v1/agreements/${id}/approve`),
        'agreement-amendment-rejected': post(0, world.te, `/v1/agreements/${id}/reject`),
        'agreement-suspended': post(0, world.css, `/v1/agreements/${id}/suspend`),
        'agreement-ended': post(1, world.css, `/v1/agreements/${id}/end`),
      }
      const answers = await Promise.all(Object.values(commands))
      const history = await historyOf(id, answers)
      expect(history.map(({ version }) => version)).toEqual(history.map((_, index) => index + 1))
      for (const [index, type] of Object.keys(commands).entries()) {
        const told = history.filter((entry) => entry.type === type).length
        expect([type, answers[index]?.status]).toEqual([type, told === 1 ? 200 : 409])
      }
      const decided = history.filter(({ type }) => /^agreement-amend(ed|ment-rejected)$/.test(type))
      expect(decided.length).toBeLessThanOrEqual(1)
    }
  })

  test('with one If-Match only one command of many wins, the others are 412', async () => {
    const id = await requested()
    await historyOf(id)
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        ask(on(i), {
          as: world.te,
          path: `/v1/agreements/${id}/${i % 2 === 0 ? 'approve' : 'reject'}`,
          json: reason,
          headers: { 'if-match': '"1"' },
        }),
      ),
    )
    expect(statuses(answers).filter((status) => status === 200)).toHaveLength(1)
    expect(new Set(statuses(answers))).toEqual(new Set([200, 412]))
  })

  test('a contract that is retired while agreements on it are asked for ends with no agreement, or not at all', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const type = `pa.gob.civil.race-run.v${round + 1}`
      const schema = { ...birthContract.schema, name: 'RaceRun', namespace: `pa.gob.civil.v${round + 1}` }
      const document = { ...birthContract, type, schema }
      await world.contract(world.te, document)
      const wish = {
        consumer: 'css',
        contract: type,
        purpose: { es: 'Saber', en: 'To know' },
        legalBasis: { kind: 'law', norm: 'Ley 51 de 2005' },
        fields: ['child'],
        validUntil: '2030-01-01T00:00:00Z',
      }
      // Both instances know the contract before the race begins.
      await Promise.all([0, 1].map((i) => ask(on(i), { as: world.css, path: `/v1/contracts/${type}` })))
      const [retired, ...asked] = await Promise.all([
        post(1, world.te, `/v1/contracts/${type}/retire`),
        post(0, world.css, { path: '/v1/agreements', json: wish }),
        post(1, world.css, { path: '/v1/agreements', json: wish }),
      ])
      const made = asked.filter(({ status }) => status === 201).length
      expect([retired?.status, made > 0]).toEqual(made > 0 ? [409, true] : [200, false])
      for (const { status } of asked) expect([201, 400, 403, 404, 409]).toContain(status)
    }
  })

  test('nothing that an institution decides stands behind its suspension in the log', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const id = await requested()
      await historyOf(id)
      const [suspended, ...answers] = await Promise.all([
        post(0, bus.operator, '/v1/institutions/css/suspend'),
        ...Array.from({ length: 4 }, (_, i) => post(i, world.css, `/v1/agreements/${id}/end`)),
      ])
      expect(suspended?.status).toBe(200)
      const end = Number(suspended?.headers.get('unavez-at'))
      for (const { status, headers } of answers) {
        expect([200, 403, 409]).toContain(status)
        expect(status === 200 && Number(headers.get('unavez-at')) > end).toBe(false)
      }
      const resumed = await post(1, bus.operator, '/v1/institutions/css/resume')
      await historyOf(id, [resumed])
    }
  })

  test('changes of one subscription each count once, and one creation asked of both is one, with one secret', async () => {
    const json = { agreement: world.agreement, mode: 'push', start: 'now', endpoint: { url: 'https://css.invalid/' } }
    const headers = { 'idempotency-key': 'one-push' }
    const made = await Promise.all(
      Array.from({ length: 8 }, (_, i) => ask(on(i), { as: world.css, path: '/v1/subscriptions', json, headers })),
    )
    const [first] = made.map((each) => each.json as { readonly id: string; readonly secret: string })
    expect(statuses(made)).toEqual(made.map(() => 201))
    expect(made.map((each) => each.json)).toEqual(made.map(() => expect.objectContaining({ secret: first?.secret })))
    const path = `/v1/subscriptions/${String(first?.id)}`
    const patched = await Promise.all(
      Array.from({ length: 8 }, (_, i) => {
        const endpoint = { auth: { kind: 'bearer', token: `token-${i}` } }
        return ask(on(i), { as: world.css, method: 'PATCH', path, json: { endpoint } })
      }),
    )
    expect(statuses(patched)).toEqual(patched.map(() => 200))
    const at = Math.max(...patched.map((each) => Number(each.headers.get('unavez-at'))))
    const read = await ask(bus, { as: world.css, path, headers: { 'unavez-at': String(at) } })
    expect(read.json).toMatchObject({ endpoint: { version: 9 } })
  })
})
