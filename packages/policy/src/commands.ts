/** How long a command id answers for itself, by the log's time. */
export const commandMemoryMs = 35 * 24 * 60 * 60 * 1000

/** What became of a command. `moved-on`: what it was decided upon had changed; the same command may be decided again. */
export type CommandOutcome =
  | { readonly state: 'accepted'; readonly offset: number; readonly hash: string }
  | { readonly state: 'moved-on'; readonly offset: number }

/** The outcomes of the last 35 days of the log, oldest first. */
export class Commands {
  readonly #outcomes = new Map<string, { readonly at: number; readonly outcome: CommandOutcome }>()
  #logTime = 0

  /** The log's time never goes back here, whatever one record says of itself. */
  advance(to: Date): void {
    const at = to.getTime()
    if (at > this.#logTime) this.#logTime = at
    for (const [command, known] of this.#outcomes) {
      if (known.at > this.#logTime - commandMemoryMs) return
      this.#outcomes.delete(command)
    }
  }

  get(command: string): CommandOutcome | undefined {
    return this.#outcomes.get(command)?.outcome
  }

  remember(command: string, outcome: CommandOutcome): void {
    this.#outcomes.delete(command)
    this.#outcomes.set(command, { at: this.#logTime, outcome })
  }

  get size(): number {
    return this.#outcomes.size
  }
}
