import { connect, createServer, type Socket } from 'node:net'

export interface Address {
  readonly host: string
  readonly port: number
}

/** Chances between 0 and 1, per piece of data that passes. */
export interface Faults {
  /** The broker did what it was asked; its answer never arrives, the connection is cut. */
  readonly loseAnswer?: number
  /** Half of a request arrives, then the connection is cut. */
  readonly cutRequest?: number
  /** The connection is cut at once, and the request arrives at the broker a while later all the same. */
  readonly lateRequest?: number
  /** Answers come later by up to that many milliseconds. */
  readonly delayMsMax?: number
}

export interface Proxy {
  readonly address: Address
  /** From now on; `{}` for none. */
  misbehave(faults: Faults): void
  cutAll(): void
  /** How many faults happened, by kind. */
  readonly happened: Readonly<Record<keyof Faults, number>>
  close(): Promise<void>
}

/** A path to one broker that can be made as bad as a real network. `random` gives numbers from 0 to 1. */
export async function startProxy(target: () => Address, random: () => number): Promise<Proxy> {
  const pairs = new Set<Socket>()
  const happened = { loseAnswer: 0, cutRequest: 0, lateRequest: 0, delayMsMax: 0 }
  let faults: Faults = {}
  const strikes = (kind: 'loseAnswer' | 'cutRequest' | 'lateRequest'): boolean => {
    if (random() >= (faults[kind] ?? 0)) return false
    happened[kind] += 1
    return true
  }

  const server = createServer((near) => {
    const far = connect(target())
    const cut = (): void => {
      near.destroy()
      far.destroy()
    }
    for (const socket of [near, far]) {
      pairs.add(socket)
      socket.setNoDelay(true)
      socket.on('error', cut)
      socket.on('close', () => pairs.delete(socket))
    }
    let late = false
    near.on('close', () => {
      if (!late) far.destroy()
    })
    far.on('close', () => near.destroy())
    near.on('data', (data) => {
      if (strikes('cutRequest')) {
        far.write(data.subarray(0, data.length / 2), cut)
      } else if (strikes('lateRequest')) {
        late = true
        near.destroy()
        setTimeout(() => far.end(data), 200 + 2_000 * random()).unref()
      } else far.write(data)
    })
    far.on('data', (data) => {
      if (strikes('loseAnswer')) return cut()
      const delay = random() * (faults.delayMsMax ?? 0)
      if (delay < 1) near.write(data)
      else {
        // A pause of the source keeps the pieces in order.
        far.pause()
        setTimeout(() => {
          near.write(data)
          far.resume()
        }, delay)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  const address = { host: '127.0.0.1', port: typeof bound === 'object' && bound !== null ? bound.port : 0 }
  const cutAll = (): void => {
    for (const socket of pairs) socket.destroy()
  }
  return {
    address,
    happened,
    misbehave: (next) => (faults = next),
    cutAll,
    close: () => {
      cutAll()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** Mulberry32: the same seed plays the same faults as far as the network's own timing allows. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
