import { openEmbeddedEngine } from '../../src/index.ts'

// A process to be killed: appends, folds and puts without end and tells on its output what was acknowledged, one line each.
//   ready | append <id> <partition> <offset> | view <next> | register <value>

const [directory = '', round = '0'] = process.argv.slice(2)
const engine = await openEmbeddedEngine({ directory, ballastBytes: 0 })
await engine.log.ensureTopics([{ name: 'facts', partitions: 3, cleanup: 'keep' }])
const tell = (line: string): boolean => process.stdout.write(`${line}\n`)
tell('ready')

async function append(caller: number): Promise<never> {
  for (let number = 0; ; number++) {
    const id = `${round}.${caller}.${number}`
    const { position } = await engine.log.append({
      topic: 'facts',
      partition: caller % 3,
      key: Buffer.from(id),
      value: Buffer.alloc(number % 2_000, id),
      headers: {},
    })
    tell(`append ${id} ${position.partition} ${position.offset}`)
  }
}

async function fold(): Promise<never> {
  const source = 'folded'
  for (let from = await engine.views.checkpoint(source); ; from++) {
    const rows = ['a', 'b', 'c'].map((part) => ({
      view: 'rows',
      partition: 'p',
      sort: `${String(from).padStart(8, '0')}${part}`,
      value: Buffer.from(part),
    }))
    await engine.views.write(rows, { source, from, next: from + 1 })
    tell(`view ${from + 1}`)
  }
}

async function put(): Promise<never> {
  for (let value = Number((await engine.registers.get('latest')) ?? 0) + 1; ; value++) {
    await engine.registers.put('latest', Buffer.from(String(value)))
    tell(`register ${value}`)
  }
}

await Promise.all([...Array.from({ length: 24 }, (_, caller) => append(caller)), fold(), put()])
