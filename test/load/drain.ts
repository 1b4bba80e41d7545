import { Agent, request as send } from 'node:http'

import type { Drained, DrainJob } from './job.ts'

// One consumer in a process of its own: page after page on one connection, counted and thrown away.

const agent = new Agent({ keepAlive: true })

function get(url: string, headers: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = send(url, { headers, agent }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('end', () => {
        const text = Buffer.concat(chunks).toString('latin1')
        if (response.statusCode === 200) resolve(text)
        else reject(new Error(`${response.statusCode}: ${text.slice(0, 500)}`))
      })
    })
    request.once('error', reject)
    request.end()
  })
}

/** How many events a page holds: their text is not parsed, so that the consumer costs as little as it can. */
function countOf(page: string, mark: string): number {
  let count = 0
  for (let at = page.indexOf(mark); at !== -1; at = page.indexOf(mark, at + mark.length)) count++
  return count
}

async function run(job: DrainJob): Promise<void> {
  let events = 0
  let bytes = 0
  let after = job.after
  const from = performance.now()
  while (events < job.events) {
    const page = await get(`${job.url}${job.path}limit=1000${after === '' ? '' : `&after=${after}`}`, job.headers)
    const count = countOf(page, '"specversion":')
    if (count === 0) throw new Error(`the events ended after ${events}`)
    events += count
    bytes += page.length
    after = /"next":"?([^",}]+)/.exec(page.slice(-1000))?.[1] ?? ''
  }
  const done: Drained = { events, bytes, seconds: (performance.now() - from) / 1000 }
  process.send?.(done)
  process.disconnect()
}

process.once('message', (job: DrainJob) => {
  run(job).catch((error: unknown) => {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  })
})
