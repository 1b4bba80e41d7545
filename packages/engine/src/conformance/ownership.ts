import { describe, expect, test } from '@jest/globals'

import { limits } from '../limits.ts'
import type { OwnedWork, Owning, PartitionId } from '../log.ts'
import { aborted, aTopic, type Bench, eventually, unique } from './bench.ts'

const nameOf = ({ topic, partition }: PartitionId): string => `${topic}/${partition}`
const namesOf = (...owners: readonly Owning[]): readonly string[] =>
  owners.flatMap((owner) => owner.owned().map(nameOf)).toSorted()

/** Counts what runs: work that stays until it is told to stop. */
function staying(): { readonly running: Map<string, number>; readonly work: OwnedWork } {
  const running = new Map<string, number>()
  return {
    running,
    work: async (partition, signal) => {
      const name = nameOf(partition)
      running.set(name, (running.get(name) ?? 0) + 1)
      await aborted(signal)
      running.set(name, (running.get(name) ?? 0) - 1)
    },
  }
}

export function ownershipTests(bench: Bench): void {
  const partitionNames = (topic: string) =>
    Array.from({ length: limits.partitions }, (_, partition) => nameOf({ topic, partition })).toSorted()

  describe('own', () => {
    test('a lone member owns every partition of every topic', async () => {
      const topics = [await aTopic(bench.engine, { partitions: limits.partitions }), await aTopic(bench.engine)]
      const { running, work } = staying()
      const owning = await bench.engine.log.own(unique('group'), topics, work)
      await eventually(() => running.size === limits.partitions + 1)
      expect(namesOf(owning)).toEqual([...running.keys()].toSorted())
      await owning.close()
    })

    test('in calm each partition has one owner, and every member has some', async () => {
      const topic = await aTopic(bench.engine, { partitions: limits.partitions })
      const group = unique('group')
      const { running, work } = staying()
      const first = await bench.engine.log.own(group, [topic], work)
      const second = await bench.other.log.own(group, [topic], work)
      const expected = partitionNames(topic)
      await eventually(
        () =>
          namesOf(first, second).join() === expected.join() &&
          second.owned().length > 0 &&
          first.owned().length > 0 &&
          expected.every((name) => running.get(name) === 1),
      )
      expect(namesOf(first, second)).toEqual(expected)
      await Promise.all([first.close(), second.close()])
      expect([...running.values()].every((count) => count === 0)).toBe(true)
    })

    test('when a member leaves, the others take over what it owned', async () => {
      const topic = await aTopic(bench.engine, { partitions: limits.partitions })
      const group = unique('group')
      const leaver = staying()
      const stayer = staying()
      const first = await bench.engine.log.own(group, [topic], leaver.work)
      const second = await bench.other.log.own(group, [topic], stayer.work)
      await eventually(() => first.owned().length > 0 && second.owned().length > 0)
      await first.close()
      expect([...leaver.running.values()].every((count) => count === 0)).toBe(true)
      expect(first.owned()).toEqual([])
      await eventually(() => namesOf(second).join() === partitionNames(topic).join())
      await eventually(() => partitionNames(topic).every((name) => stayer.running.get(name) === 1))
      await second.close()
    })

    test('closing tells the work to stop and waits until it has', async () => {
      const topic = await aTopic(bench.engine)
      const steps: string[] = []
      const owning = await bench.engine.log.own(unique('group'), [topic], async (_, signal) => {
        steps.push('began')
        await aborted(signal)
        await new Promise((resolve) => setImmediate(resolve))
        steps.push('cleaned up')
      })
      await eventually(() => steps.length === 1)
      await owning.close()
      steps.push('closed')
      expect(steps).toEqual(['began', 'cleaned up', 'closed'])
      await owning.close()
    })

    test('work that throws is started again', async () => {
      const topic = await aTopic(bench.engine)
      let starts = 0
      const owning = await bench.engine.log.own(unique('group'), [topic], async (_, signal) => {
        starts++
        if (starts < 3) throw new Error('a bad day')
        await aborted(signal)
      })
      await eventually(() => starts === 3)
      expect(namesOf(owning)).toEqual([`${topic}/0`])
      await owning.close()
      expect(starts).toBe(3)
    })

    test('groups share the same partitions without knowing each other', async () => {
      const topic = await aTopic(bench.engine, { partitions: limits.partitions })
      const { running, work } = staying()
      const first = await bench.engine.log.own(unique('group'), [topic], work)
      const second = await bench.other.log.own(unique('group'), [topic], work)
      await eventually(() => partitionNames(topic).every((name) => running.get(name) === 2))
      expect(namesOf(first)).toEqual(namesOf(second))
      await Promise.all([first.close(), second.close()])
    })

    test('an owner works: it may read and append while it owns', async () => {
      const topic = await aTopic(bench.engine)
      const owning = await bench.engine.log.own(unique('group'), [topic], async (partition, signal) => {
        await bench.engine.log.append({ ...partition, key: null, value: Buffer.from('took over'), headers: {} })
        await aborted(signal)
      })
      await eventually(async () => (await bench.other.log.bounds(topic))[0]?.next === 1)
      await owning.close()
      expect(owning.owned()).toEqual([])
    })
  })
}
