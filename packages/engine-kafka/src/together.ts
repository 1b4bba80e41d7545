interface Waiting<Question, Answer> {
  readonly question: Question
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/**
 * Asks together what is asked in one turn of the event loop, `most` at a time: a command costs more than what it says.
 * Answers stand in the order of the questions; what fails, fails for all that were asked with it.
 */
export function together<Question, Answer>(
  most: number,
  ask: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  let waiting: Waiting<Question, Answer>[] = []

  async function flush(): Promise<void> {
    const group = waiting
    if (group.length === 0) return
    waiting = []
    try {
      const answers = await ask(group.map(({ question }) => question))
      if (answers.length !== group.length) throw new Error('as many answers as questions are expected')
      for (const [i, answer] of answers.entries()) group[i]?.resolve(answer)
    } catch (error) {
      for (const { reject } of group) reject(error)
    }
  }

  return (question) =>
    new Promise((resolve, reject) => {
      waiting.push({ question, resolve, reject })
      if (waiting.length === 1) setImmediate(() => void flush())
      else if (waiting.length >= most) void flush()
    })
}
