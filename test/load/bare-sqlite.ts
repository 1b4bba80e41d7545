import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'

import { serve } from './bare-route.ts'

// `POST /v1/events` as bare as it can be on SQLite: durable when answered, group-committed, and nothing else.

const directory = mkdtempSync(join(tmpdir(), 'unavez-bare-'))
const file = join(directory, 'bare.db')
const worker = new Worker(new URL('bare-sqlite-writer.ts', import.meta.url), { workerData: file })
let queue: string[] = []
let begun = 0
const waiting: { readonly id: number; readonly resolve: (id: number) => void }[] = []

worker.on('message', (last: number) => {
  const done = waiting.findIndex(({ id }) => id > last)
  for (const { id, resolve } of waiting.splice(0, done === -1 ? waiting.length : done)) resolve(id)
})

function write(body: string): Promise<number> {
  if (queue.length === 0) {
    setImmediate(() => {
      worker.postMessage(queue)
      queue = []
    })
  }
  queue.push(body)
  return new Promise((resolve) => waiting.push({ id: ++begun, resolve }))
}

let reader: DatabaseSync | undefined
function page(after: number, limit: number): string {
  reader ??= new DatabaseSync(file, { readOnly: true })
  const rows = reader.prepare('SELECT body FROM event WHERE id > ? ORDER BY id LIMIT ?').all(after, limit)
  const events = rows.map((row) => String(row['body']))
  return `{"events":[${events.join(',')}],"next":${after + events.length}}`
}

process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
await serve({ write, page })
