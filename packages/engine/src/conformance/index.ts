import { afterAll, beforeAll, describe } from '@jest/globals'

import { appendTests } from './append.ts'
import { type Bench, type Open, type Opened, type Traits } from './bench.ts'
import { closingTests } from './closing.ts'
import { misbehaviourTests } from './misbehaviour.ts'
import { ownershipTests } from './ownership.ts'
import { propertyTests } from './properties.ts'
import { readTests } from './read.ts'
import { registerTests } from './registers.ts'
import { retentionTests } from './retention.ts'
import { topicTests } from './topics.ts'
import { viewTests } from './views.ts'
import { volatileTests } from './volatile.ts'

export type { Open, Opened, Traits } from './bench.ts'
export { describeWhere } from './where.ts'

/**
 * Everything that the ports' comments promise, as tests on any engine. One engine and a second instance on the same data
 * serve all tests (each makes topics, keys and groups of its own); those about closing open and close their own.
 */
export function describeEngine(name: string, open: Open, traits: Traits = {}): void {
  describe(`the ${name} engine`, () => {
    let opened: Opened | undefined
    let other: Opened['engine'] | undefined
    const ready = (): Opened => {
      if (opened === undefined) throw new Error('the engine is not open')
      return opened
    }
    const bench: Bench = {
      traits: { propertyRuns: 25, ...traits },
      open,
      get engine() {
        return ready().engine
      },
      get other() {
        if (other === undefined) throw new Error('there is no second instance')
        return other
      },
      get misbehaviour() {
        const { misbehaviour } = ready()
        if (misbehaviour === undefined) throw new Error('this engine does not misbehave')
        return misbehaviour
      },
    }

    beforeAll(async () => {
      opened = await open()
      other = await opened.another()
    })
    afterAll(async () => opened?.close())

    topicTests(bench)
    appendTests(bench)
    readTests(bench)
    retentionTests(bench)
    ownershipTests(bench)
    registerTests(bench)
    viewTests(bench)
    volatileTests(bench)
    propertyTests(bench)
    if (traits.misbehaves === true) misbehaviourTests(bench)
    closingTests(bench)
  })
}
