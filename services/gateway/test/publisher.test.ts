import { afterEach, describe, expect, test } from '@jest/globals'
import type { AcceptedEvent } from '@unavez/protocol'

import {
  candidateOf,
  isMarked,
  openPublishers,
  placeOf,
  placeOfRecord,
  type Publishers,
  topic,
  until,
} from './open-publishers.ts'

const opened: Publishers[] = []
const open = async (budgetMs?: number): Promise<Publishers> => {
  const publishers = await openPublishers(budgetMs)
  opened.push(publishers)
  return publishers
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()))
})

/** The code of the refusal, for one line per expectation. */
const codeOf = (publishing: Promise<AcceptedEvent>): Promise<string> =>
  publishing.then(
    () => 'accepted',
    (error: { code?: string }) => error.code ?? 'no problem of ours',
  )

const outcomes = ['not-written', 'unknown-written', 'unknown-lands-later'] as const

describe('one id, one event', () => {
  test('P2: of 200 parallel publishes of one id on two instances one is the first, and all have its position', async () => {
    const { instances, records } = await open()
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => instances[i % 2 === 0 ? 0 : 1].publisher.publish(candidateOf('one'))),
    )
    expect(new Set(answers.map(({ position }) => position)).size).toBe(1)
    expect(answers.filter(({ alreadyAccepted }) => !alreadyAccepted)).toHaveLength(1)
    expect((await records()).map(placeOfRecord)).toEqual([placeOf(answers[0]?.position ?? '')])
  })

  test('P2: a repeat gets the first answer, at once and when the view has it, on either instance', async () => {
    const { instances, settled } = await open()
    const [one, two] = instances
    const first = await one.publisher.publish(candidateOf('one'))
    expect(first.alreadyAccepted).toBe(false)
    const again = { ...first, alreadyAccepted: true }
    expect(await one.publisher.publish(candidateOf('one'))).toEqual(again)
    expect(await two.publisher.publish(candidateOf('one'))).toEqual(again)
    await settled()
    expect(await two.publisher.publish(candidateOf('one'))).toEqual(again)
  })

  test('P2: another payload under a used id is refused, wherever and whenever it comes', async () => {
    const { instances, records, settled } = await open()
    const [one, two] = instances
    const offers = ['a', 'b', 'a', 'b'].map((payload, i) =>
      codeOf((i < 2 ? one : two).publisher.publish(candidateOf('one', payload, payload))),
    )
    const answers = await Promise.all(offers)
    expect(answers.filter((code) => code === 'accepted').length).toBe(2)
    expect(answers.filter((code) => code === 'event-id-reused').length).toBe(2)
    await settled()
    const codes = await Promise.all(['a', 'b'].map((p) => codeOf(two.publisher.publish(candidateOf('one', p, p)))))
    expect(codes.toSorted()).toEqual(['accepted', 'event-id-reused'])
    expect(await records()).toHaveLength(1)
  })

  test('ids of different institutions have nothing to do with each other', async () => {
    const { instances } = await open()
    const theirs = { ...candidateOf('one', 'b'), institution: 'css' }
    const [mine, other] = await Promise.all([
      instances[0].publisher.publish(candidateOf('one')),
      instances[1].publisher.publish(theirs),
    ])
    expect(mine.position).not.toBe(other.position)
  })
})

describe('an append whose outcome is unknown', () => {
  test.each(outcomes)('P1: an append that ends %s is not acknowledged', async (outcome) => {
    const { engine, instances } = await open()
    engine.misbehaviour.appendOutcomes(topic, [outcome])
    expect(await codeOf(instances[0].publisher.publish(candidateOf('one')))).toBe('publish-unknown')
  })

  test('P2: an event that was written, though its answer was lost, is found and not written again', async () => {
    const { engine, instances, records } = await open()
    engine.misbehaviour.appendOutcomes(topic, ['unknown-written'])
    await codeOf(instances[0].publisher.publish(candidateOf('one')))
    const answers = await Promise.all(instances.map(({ publisher }) => publisher.publish(candidateOf('one'))))
    const [record, ...more] = await records()
    expect(more).toEqual([])
    for (const { position, alreadyAccepted } of answers) {
      expect(alreadyAccepted).toBe(true)
      expect(placeOf(position)).toBe(record && placeOfRecord(record))
    }
  })

  test('P2: what was never written is written by the repeat, on the instance that knows that its append has ended', async () => {
    const { engine, instances, records } = await open()
    engine.misbehaviour.appendOutcomes(topic, ['not-written'])
    await codeOf(instances[0].publisher.publish(candidateOf('one')))
    const answer = await instances[0].publisher.publish(candidateOf('one'))
    expect(answer.alreadyAccepted).toBe(false)
    expect((await records()).map(isMarked)).toEqual([true])
  })

  test('P2: a write that lands behind its repeat is named as a copy, and everybody keeps the position of the repeat', async () => {
    const { engine, instances, records, copies, settled } = await open()
    const [one, two] = instances
    engine.misbehaviour.appendOutcomes(topic, ['unknown-lands-later'])
    await codeOf(one.publisher.publish(candidateOf('one')))
    const answer = await one.publisher.publish(candidateOf('one'))
    await engine.misbehaviour.land()
    await settled()
    const [event, late] = await records()
    expect(event && placeOfRecord(event)).toBe(placeOf(answer.position))
    expect(late && isMarked(late)).toBe(false)
    expect(await copies()).toEqual([late && placeOfRecord(late)])
    expect((await two.publisher.publish(candidateOf('one'))).position).toBe(answer.position)
  })

  test('P2: a write that lands in front of its repeat is the event, and the repeat answers with its position', async () => {
    const { engine, instances, records, copies, settled } = await open()
    const [one, two] = instances
    engine.misbehaviour.appendOutcomes(topic, ['unknown-lands-later', 'unknown-lands-later'])
    await codeOf(one.publisher.publish(candidateOf('one')))
    await codeOf(one.publisher.publish(candidateOf('one')))
    await engine.misbehaviour.land()
    const answer = await two.publisher.publish(candidateOf('one'))
    await settled()
    const places = (await records()).map(placeOfRecord)
    expect(places).toHaveLength(2)
    expect(placeOf(answer.position)).toBe(places[0])
    expect(await copies()).toEqual([places[1]])
  })

  test('P2: an event whose subject is joined to another one meanwhile is looked for, and written, where it was claimed', async () => {
    for (const outcome of ['unknown-written', 'not-written'] as const) {
      const { engine, instances, records, copies, settled } = await open()
      const claimed = candidateOf('one')
      const { message } = candidateOf('two', 'a', 'who came first')
      const joined = { ...claimed, message: { ...claimed.message, key: message.key, partition: message.partition } }
      expect(joined.message.partition).not.toBe(claimed.message.partition)
      engine.misbehaviour.appendOutcomes(topic, [outcome])
      await codeOf(instances[0].publisher.publish(claimed))
      const answer = await instances[0].publisher.publish(joined)
      await settled()
      const [record, ...more] = await records()
      expect(more).toEqual([])
      expect(record && placeOfRecord(record)).toBe(placeOf(answer.position))
      expect(record?.partition).toBe(claimed.message.partition)
      expect(await copies()).toEqual([])
    }
  })

  test('P2: an id stays bound to the payload that was offered first, though its append has failed', async () => {
    const { engine, instances, time } = await open()
    engine.misbehaviour.appendOutcomes(topic, ['not-written'])
    await codeOf(instances[0].publisher.publish(candidateOf('one', 'a')))
    time.aheadMs = 60_000
    for (const { publisher } of instances)
      expect(await codeOf(publisher.publish(candidateOf('one', 'b')))).toBe('event-id-reused')
    expect((await instances[1].publisher.publish(candidateOf('one', 'a'))).alreadyAccepted).toBe(false)
  })
})

describe('the claim of an instance that is gone', () => {
  test('P2: is waited for while it is young, and answered publish-unknown', async () => {
    const { engine, instances, records, time } = await open(300)
    engine.misbehaviour.appendOutcomes(topic, ['not-written'])
    await codeOf(instances[0].publisher.publish(candidateOf('one')))
    // However slow this machine is, the claim stays young.
    time.aheadMs = -60_000
    expect(await codeOf(instances[1].publisher.publish(candidateOf('one')))).toBe('publish-unknown')
    expect(await records()).toEqual([])
  })

  test('P2: is taken over when it is old: one event, whoever of many repeats writes it', async () => {
    const { engine, instances, records, copies, settled, time } = await open()
    const [one, two] = instances
    engine.misbehaviour.appendOutcomes(topic, ['not-written'])
    await codeOf(one.publisher.publish(candidateOf('one')))
    time.aheadMs = 60_000
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? one : two).publisher.publish(candidateOf('one'))),
    )
    expect(new Set(answers.map(({ position }) => position)).size).toBe(1)
    await settled()
    const [event, ...more] = (await records()).map(placeOfRecord)
    expect(event).toBe(placeOf(answers[0]?.position ?? ''))
    expect(await copies()).toEqual(more)
  })
})

describe('after a loss', () => {
  test('P2: a lost memory of claims stops publishing until ids is folded; then every repeat has its answer', async () => {
    const { engine, instances, records, settled } = await open()
    const [one, two] = instances
    const accepted = await Promise.all(
      Array.from({ length: 20 }, (_, i) => one.publisher.publish(candidateOf(`id-${i}`, 'a', `subject-${i}`))),
    )
    engine.misbehaviour.freeze(topic, true)
    const late = await one.publisher.publish(candidateOf('late'))
    await engine.misbehaviour.loseVolatile()
    expect(await codeOf(two.publisher.publish(candidateOf('late')))).toBe('rebuilding')
    engine.misbehaviour.freeze(topic, false)
    await until('it noticed', () => two.index.missing() === undefined)
    expect((await two.publisher.publish(candidateOf('late'))).position).toBe(late.position)
    await settled()
    for (const { id, position } of accepted) {
      const again = await two.publisher.publish(candidateOf(id, 'a', id.replace('id', 'subject')))
      expect(again.position).toBe(position)
    }
    expect(await records()).toHaveLength(21)
  })

  test('P2: views that went back or are gone are folded again before anything is published', async () => {
    const { engine, instances, records, copies, settled } = await open()
    const [one, two] = instances
    const before = await one.publisher.publish(candidateOf('before'))
    await settled()
    await engine.misbehaviour.keepViews()
    const after = await one.publisher.publish(candidateOf('after'))
    await settled()
    await engine.misbehaviour.loseVolatile()
    await engine.misbehaviour.rollBackViews()
    expect(await codeOf(two.publisher.publish(candidateOf('after')))).toBe('rebuilding')
    await settled()
    expect((await two.publisher.publish(candidateOf('after'))).position).toBe(after.position)
    expect((await two.publisher.publish(candidateOf('before'))).position).toBe(before.position)
    expect(await records()).toHaveLength(2)
    expect(await copies()).toEqual([])
  })

  test('P2: views that went back alone are noticed by their checkpoint', async () => {
    const { engine, instances, records, settled } = await open()
    const [one, two] = instances
    const first = await one.publisher.publish(candidateOf('one'))
    await settled()
    await engine.misbehaviour.rollBackViews()
    await until('its owner noticed', () => instances.some(({ index }) => index.missing() !== undefined))
    await settled()
    expect((await two.publisher.publish(candidateOf('one'))).position).toBe(first.position)
    expect(await records()).toHaveLength(1)
  })

  test('P2: pages that come again, and two owners at once, change nothing', async () => {
    const { engine, instances, records, copies, settled } = await open()
    await engine.misbehaviour.twoOwners(true)
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, i) => {
        if (i % 20 === 10) await engine.misbehaviour.rebalance()
        return instances[i % 2 === 0 ? 0 : 1].publisher.publish(candidateOf(`id-${i}`, 'a', `subject-${i}`))
      }),
    )
    await settled()
    expect(new Set((await records()).map(placeOfRecord))).toEqual(
      new Set(answers.map((each) => placeOf(each.position))),
    )
    expect(await copies()).toEqual([])
  })

  test('an engine out of reach is said to be so, and publishing goes on when it is back', async () => {
    const { engine, instances } = await open()
    engine.misbehaviour.unreachable(true)
    expect(['unavailable', 'rebuilding']).toContain(await codeOf(instances[0].publisher.publish(candidateOf('one'))))
    engine.misbehaviour.unreachable(false)
    await until(
      'it works again',
      async () => (await codeOf(instances[0].publisher.publish(candidateOf('two')))) === 'accepted',
    )
  })
})
