export interface Started {
  readonly url: string
  readonly processes: readonly string[]
  readonly output: () => string
  readonly close: () => Promise<void>
}

/** Waits until /health/ready says 200; gives up loudly, with what is missing. */
export async function untilReady(url: string, budgetMs = 60_000): Promise<void> {
  const end = Date.now() + budgetMs
  let missing = ''
  while (Date.now() < end) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined)
    if (answer?.status === 200) return
    missing = (await answer?.text().catch(() => '')) ?? ''
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`the bus did not get ready: ${missing}`)
}
