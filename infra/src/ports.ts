import { createServer } from 'node:net'

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })

/**
 * Free ports on 127.0.0.1, below the range from which systems take ports for outgoing connections: a server that is
 * killed and started again must find its port free.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>()
  for (let tries = 0; ports.size < count && tries < 1_000; tries++) {
    const port = 20_000 + Math.floor(Math.random() * 12_000)
    if (!ports.has(port) && (await isFree(port))) ports.add(port)
  }
  if (ports.size < count) throw new Error('No free ports between 20000 and 32000.')
  return [...ports]
}
