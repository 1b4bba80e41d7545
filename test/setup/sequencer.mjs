import Sequencer from '@jest/test-sequencer'

// Fast tests first: what fails in a second should not be told after ten minutes.
const order = ['packages/', 'schemas/', 'services/', 'infra/', 'test/architecture', 'test/scenarios/', 'test/faults/']
const late = ['engine-kafka/test/faults', 'engine-embedded/test/faults']

const rank = (path) => {
  if (late.some((part) => path.includes(part))) return order.length
  const at = order.findIndex((part) => path.includes(`/${part}`))
  return at === -1 ? order.length : at
}

export default class FastFirst extends Sequencer {
  sort(tests) {
    return tests.toSorted((a, b) => rank(a.path) - rank(b.path) || (a.path < b.path ? -1 : 1))
  }
}
