import { connect } from 'node:net'

import { type Done, type FromGenerator, type Job, offerOf } from './job.ts'

// The other side: many keep-alive connections, one request at a time on each, over plain sockets. A closed loop sends as soon
// as it is answered; an open one keeps to its schedule, and what finds no free connection waits.

const tell = (message: FromGenerator): void => void process.send?.(message)

function run(job: Job): void {
  const { hostname, port, host } = new URL(job.url)
  const head = [
    `POST ${job.path} HTTP/1.1`,
    `host: ${host}`,
    ...Object.entries(job.headers).map(([name, value]) => `${name}: ${value}`),
  ].join('\r\n')
  const closers: (() => void)[] = []
  const latencies: number[] = []
  const refused: Record<string, number> = {}
  let sent = 0
  let stage: 'warming' | 'running' | 'over' = 'warming'
  let open = job.connections
  let from = 0
  /** Connections with nothing to do, and intended times of what waits for one: never both. */
  const free: ((intendedAt: number) => void)[] = []
  const waiting: number[] = []

  const body = (): string => {
    if (job.bodies !== undefined) return job.bodies[sent++] ?? ''
    if (job.batch === 1) return offerOf(job.run, sent++)
    return `[${Array.from({ length: job.batch }, () => offerOf(job.run, sent++)).join(',')}]`
  }

  function end(): void {
    stage = 'over'
    if (job.perSecond !== undefined) for (const close of closers) close()
    latencies.sort((a, b) => a - b)
    const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? 0
    const seconds = (performance.now() - from) / 1000
    const done: Done = {
      kind: 'done',
      events: latencies.length * job.batch,
      seconds,
      p50: at(0.5),
      p99: at(0.99),
      refused,
    }
    tell(done)
  }

  function keepSchedule(perSecond: number): void {
    const began = performance.now()
    let scheduled = 0
    const clock = setInterval(() => {
      if (stage === 'over') return clearInterval(clock)
      for (const now = performance.now(); ; scheduled++) {
        const intendedAt = began + (scheduled * 1000) / perSecond
        if (intendedAt > now) return
        const send = free.pop()
        if (send === undefined) waiting.push(intendedAt)
        else send(intendedAt)
      }
    }, 1)
  }

  function start(): void {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    let begunAt = 0
    let got = ''
    const send = (intendedAt: number): void => {
      const text = body()
      if (text === '') return void socket.end()
      begunAt = intendedAt
      socket.write(`${head}\r\ncontent-length: ${text.length}\r\n\r\n${text}`)
    }
    const next = (): void => {
      if (stage === 'over') return void socket.end()
      if (job.perSecond === undefined) return send(performance.now())
      const due = waiting.shift()
      if (due === undefined) free.push(send)
      else send(due)
    }
    socket.on('connect', next)
    closers.push(() => socket.end())
    socket.on('data', (chunk) => {
      got += chunk.toString('latin1')
      const bodyAt = got.indexOf('\r\n\r\n') + 4
      if (bodyAt < 4) return
      const length = Number(/content-length: (\d+)/i.exec(got.slice(0, bodyAt))?.[1] ?? 0)
      if (got.length < bodyAt + length) return
      const status = got.slice(9, 12)
      got = ''
      if (status[0] !== '2') refused[status] = (refused[status] ?? 0) + 1
      else if (stage === 'running') latencies.push(performance.now() - begunAt)
      next()
    })
    socket.on('error', (error) => (refused[error.message] = (refused[error.message] ?? 0) + 1))
    socket.on('close', () => {
      if (--open === 0) process.disconnect()
    })
  }

  for (let i = 0; i < job.connections; i++) start()
  if (job.perSecond !== undefined) keepSchedule(job.perSecond)
  setTimeout(() => {
    stage = 'running'
    from = performance.now()
    tell({ kind: 'begun' })
    setTimeout(end, job.runMs)
  }, job.warmMs)
}

process.once('message', (job: Job) => run(job))
