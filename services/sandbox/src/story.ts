/** How the sandbox tells what happens: plain lines, aligned, readable without colour. */
export interface Story {
  title(text: string): void
  step(who: string, text: string): void
  shows(value: unknown): void
  note(text: string): void
}

export function openStory(print: (line: string) => void): Story {
  return {
    title: (text) => print(`\n── ${text} ${'─'.repeat(Math.max(3, 96 - text.length))}`),
    step: (who, text) => print(`\n  ${who.padEnd(8)} ${text}`),
    shows: (value) => {
      for (const line of JSON.stringify(value, undefined, 2).split('\n')) print(`           ${line}`)
    },
    note: (text) => print(`  ${text}`),
  }
}
