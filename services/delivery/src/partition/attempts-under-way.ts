interface UnderWay {
  count: number
  /** Whoever found no room, in the order in which they asked. */
  readonly waiting: Set<() => void>
}

/** Attempts under way of each subscription, over all its partitions in this process. */
export class AttemptsUnderWay {
  readonly #most: number
  readonly #bySubscription = new Map<string, UnderWay>()

  constructor(most: number) {
    this.#most = most
  }

  /** How many more may begin. If none, `onRoom` is called once there is room. */
  room(subscription: string, onRoom: () => void): number {
    const underWay = this.#bySubscription.get(subscription)
    if (underWay === undefined) return this.#most
    const room = this.#most - underWay.count
    if (room <= 0) underWay.waiting.add(onRoom)
    return room
  }

  begin(subscription: string): void {
    const underWay = this.#bySubscription.get(subscription)
    if (underWay === undefined) this.#bySubscription.set(subscription, { count: 1, waiting: new Set() })
    else underWay.count += 1
  }

  end(subscription: string): void {
    const underWay = this.#bySubscription.get(subscription)
    if (underWay === undefined) return
    underWay.count -= 1
    const [next] = underWay.waiting
    if (next !== undefined) {
      underWay.waiting.delete(next)
      next()
    } else if (underWay.count === 0) this.#bySubscription.delete(subscription)
  }
}
