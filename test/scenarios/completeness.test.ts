import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { CursorDigest, type PulledPage } from '@unavez/protocol'
import type { Client, DigestAnswer, DigestReport, Problem } from '@unavez/sdk'

import { ask, problemIn } from '../setup/ask.ts'
import { type Bus, combinations } from '../setup/bus.ts'
import { birthContract, birthOf, birthWorld, openWorld } from '../setup/world.ts'

interface Received {
  readonly page: PulledPage
  readonly texts: readonly string[]
}

/** Count and hash over what a consumer kept of some pages. */
function digestOf(pages: readonly Received[]) {
  const digest = new CursorDigest()
  for (const { page, texts } of pages) for (const [i, event] of page.events.entries()) digest.add(event, texts[i] ?? '')
  return digest.end()
}

async function pull(client: Client, subscription: string, limit: number): Promise<readonly Received[]> {
  const pages: Received[] = []
  for (let after: string | undefined; ;) {
    const page = await client.pull(subscription, { after, limit })
    if (page.next !== page.from) pages.push({ page, texts: client.texts(page) })
    after = page.next
    if (!page.more) return pages
  }
}

const between = (pages: readonly Received[]) => ({ from: pages[0]?.page.from ?? '', to: pages.at(-1)?.page.next ?? '' })

/** What a consumer says, page by page, that it has. */
const reportOf = (pages: readonly Received[]): DigestReport => {
  const parts = pages.map((page) => ({ ...between([page]), ...counted([page]) }))
  return { ...between(pages), ...counted(pages), parts }
}

const counted = (pages: readonly Received[]) => {
  const { count, hash } = digestOf(pages)
  return { count, hash }
}

/** A consumer that loses one event of a page without noticing. */
const without = ({ page, texts }: Received, lost: number): Received => ({
  page: { ...page, events: page.events.filter((_, i) => i !== lost) },
  texts: texts.filter((_, i) => i !== lost),
})

describe.each(combinations)('Completeness ($name)', ({ open }) => {
  let bus: Bus
  let world: Awaited<ReturnType<typeof birthWorld>>
  beforeAll(async () => {
    bus = await open()
    world = await birthWorld(bus)
    await world.te.publishBatch(Array.from({ length: 50 }, (_, i) => birthOf(`c-${i}`, `8-${(i % 9) + 1}-1`)))
  })
  afterAll(() => bus?.close())

  const digest = async (subscription: string, range: { from: string; to: string }) => {
    const path = `/v1/subscriptions/${subscription}/digest?${new URLSearchParams(range).toString()}`
    return ask(bus, { path, as: world.css })
  }

  test('P10: the digest of any range of cursors is what the consumer computes, in all and by partition', async () => {
    const { css, births } = world
    const pages = await pull(css, births, 7)
    for (const some of [pages, pages.slice(0, 1), pages.slice(2, 5), pages.slice(-2)]) {
      const range = between(some)
      expect((await digest(births, range)).json).toEqual({ ...range, ...digestOf(some), whole: true })
    }
  })

  test('P10: a consumer that lost an event is told in which of its pages', async () => {
    const { css, births } = world
    const pages = await pull(css, births, 7)
    const faulty = pages.map((page, i) => (i === 3 ? without(page, 2) : page))
    const answer = await css.report(births, reportOf(faulty))
    expect(answer).toMatchObject({ matches: false, ...counted(pages) })
    const [missed, ...others] = answer.differs ?? []
    expect(others).toEqual([])
    expect(missed).toMatchObject({ ...between(pages.slice(3, 4)), ...counted(pages.slice(3, 4)), whole: true })
    const { complete } = await css.get<{ complete?: object }>(`/v1/subscriptions/${births}`)
    expect(complete).toBeUndefined()
  })

  test('P10: what was proven is shown on the subscription: complete until when', async () => {
    const { css, te, agreement } = world
    const subscription = await world.subscription(css, agreement)
    const pages = await pull(css, subscription, 20)
    const [first, ...rest] = [pages.slice(0, 2), pages.slice(2)]
    expect(await css.report(subscription, reportOf(first ?? []))).toMatchObject({ matches: true, count: 40 })
    const answer = await css.report(subscription, reportOf(rest.flat()))
    expect(answer).toMatchObject({ matches: true, complete: between(pages) })
    const seen = await css.get<{ complete: { until: string } }>(`/v1/subscriptions/${subscription}`)
    expect(seen.complete).toMatchObject({ ...between(pages), until: expect.any(String) })
    const last = pages.flatMap(({ page }) => page.events).map(({ publishedat }) => publishedat)
    expect(Date.parse(seen.complete.until)).toBeGreaterThanOrEqual(Math.max(...last.map((each) => Date.parse(each))))
    // The other side of the agreement sees how far its data has arrived.
    expect(await te.get(`/v1/subscriptions/${subscription}`)).toMatchObject({ complete: between(pages) })
  })

  test('P10: following proves what it handled, through an amendment of what is shown', async () => {
    const { css, te } = world
    const contract = { ...birthContract, type: 'pa.gob.civil.birth-noted.v1' }
    const noted = { ...contract, schema: { ...contract.schema, name: 'BirthNoted' } }
    const steps = openWorld(bus)
    await steps.contract(te, noted)
    const agreement = await steps.agreement(css, te, { contract: noted.type, fields: ['child', 'place'] })
    const subscription = await steps.subscription(css, agreement)
    const publish = (name: string) =>
      te.publishBatch(
        Array.from({ length: 20 }, (_, i) => ({
          ...birthOf(`${name}-${i}`, `8-${i + 1}-1`, { place: 'Ñürümbe "\\{' }),
          type: noted.type,
        })),
      )
    await publish('before')
    const answers: { answer: DigestAnswer | Problem; report: DigestReport }[] = []
    const follow = async (until: string): Promise<void> => {
      const stop = new AbortController()
      const ids = new Set<string>()
      await css.follow({
        subscription,
        signal: stop.signal,
        limit: 6,
        wait: 1,
        prove: { everyPages: 2, onReport: (answer, report) => void answers.push({ answer, report }) },
        handle: ({ id }) => {
          ids.add(id)
          if (ids.size === 20 && id.startsWith(until)) setTimeout(() => stop.abort(), 100)
        },
      })
    }
    await follow('before')
    await css.post(`/v1/agreements/${agreement}/amend`, { fields: ['child'], reason: 'Less is enough' })
    await te.post(`/v1/agreements/${agreement}/approve`, { reason: 'Agreed' })
    await publish('after')
    await follow('after')
    expect(answers.map(({ answer }) => answer)).toEqual(answers.map(() => expect.objectContaining({ matches: true })))
    expect(answers.reduce((sum, { report }) => sum + report.count, 0)).toBe(40)
    const range = { from: answers[0]?.report.from ?? '', to: answers.at(-1)?.report.to ?? '' }
    expect((await digest(subscription, range)).json).toMatchObject({ count: 40, whole: true })
  })

  test('cursors that are foreign, the wrong way round or none are refused; between a cursor and itself there is nothing', async () => {
    const { css, births, agreement } = world
    const pages = await pull(css, births, 50)
    const { from, to } = between(pages)
    problemIn(await digest(births, { from: to, to: from }), 'cursor-behind')
    problemIn(await digest(births, { from: 'nonsense', to }), 'cursor-invalid')
    const other = await world.subscription(css, agreement)
    problemIn(await digest(other, { from, to }), 'cursor-invalid')
    const known = await world.subscription(css, agreement, 'now')
    const begin = (await css.pull(known)).next
    expect((await digest(known, { from: begin, to: begin })).json).toMatchObject({ count: 0, whole: true })
  })
})
