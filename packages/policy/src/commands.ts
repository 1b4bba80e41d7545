import type { Section } from './section.ts'

/** How long a command id answers for itself, by the log's time. */
export const commandMemoryMs = 35 * 24 * 60 * 60 * 1000

/** What became of a command. `moved-on`: what it was decided upon had changed; the same command may be decided again. */
export type CommandOutcome =
  | { readonly state: 'accepted'; readonly offset: number; readonly hash: string }
  | { readonly state: 'moved-on'; readonly offset: number }

/** Without a hash it moved on. */
type Row = readonly [command: string, at: number, offset: number, hash?: string]

/** How many forgotten outcomes the lists may carry before they are cut. */
const forgottenMax = 4096

/** The outcomes of the last 35 days of the log, oldest first: lists side by side, because they are many. */
export class Commands {
  /** Of the newest outcome of each command. Places count on when the lists are cut: what is first in them then has place `#cut`. */
  readonly #places = new Map<string, number>()
  #commands: string[] = []
  #times: number[] = []
  #offsets: number[] = []
  #hashes: (string | undefined)[] = []
  #cut = 0
  /** How many at the head of the lists are forgotten. */
  #forgotten = 0
  #logTime = 0

  /** The log's time never goes back here, whatever one record says of itself. */
  advance(to: Date): void {
    const at = to.getTime()
    if (at > this.#logTime) this.#logTime = at
    const before = this.#logTime - commandMemoryMs
    while (this.#forgotten < this.#times.length && (this.#times[this.#forgotten] ?? 0) <= before) this.#forget()
    if (this.#forgotten > forgottenMax) this.#shorten()
  }

  get(command: string): CommandOutcome | undefined {
    const place = this.#places.get(command)
    if (place === undefined) return undefined
    const offset = this.#offsets[place - this.#cut] ?? 0
    const hash = this.#hashes[place - this.#cut]
    return hash === undefined ? { state: 'moved-on', offset } : { state: 'accepted', offset, hash }
  }

  remember(command: string, outcome: CommandOutcome): void {
    const row = [command, this.#logTime, outcome.offset] as const
    this.#push(outcome.state === 'accepted' ? [...row, outcome.hash] : row)
  }

  sections(): readonly Section[] {
    const time: Section<number> = {
      kind: 'log-time',
      rows: () => [this.#logTime],
      take: (at) => void (this.#logTime = at),
    }
    const outcomes: Section<Row> = { kind: 'command', rows: () => this.#rows(), take: (row) => this.#push(row) }
    return [time, outcomes]
  }

  #push([command, at, offset, hash]: Row): void {
    this.#places.set(command, this.#cut + this.#commands.length)
    this.#commands.push(command)
    this.#times.push(at)
    this.#offsets.push(offset)
    this.#hashes.push(hash)
  }

  /** The oldest outcome; its command may have a newer one. */
  #forget(): void {
    const command = this.#commands[this.#forgotten] ?? ''
    if (this.#places.get(command) === this.#cut + this.#forgotten) this.#places.delete(command)
    this.#forgotten += 1
  }

  #shorten(): void {
    const count = this.#forgotten
    this.#commands = this.#commands.slice(count)
    this.#times = this.#times.slice(count)
    this.#offsets = this.#offsets.slice(count)
    this.#hashes = this.#hashes.slice(count)
    this.#cut += count
    this.#forgotten = 0
  }

  #rows(): Iterable<Row> {
    const from = this.#forgotten
    const [times, offsets, hashes] = [this.#times.slice(from), this.#offsets.slice(from), this.#hashes.slice(from)]
    const commands = this.#commands.slice(from).values()
    return commands.map((command, index): Row => {
      const hash = hashes[index]
      const row = [command, times[index] ?? 0, offsets[index] ?? 0] as const
      return hash === undefined ? row : [...row, hash]
    })
  }
}
