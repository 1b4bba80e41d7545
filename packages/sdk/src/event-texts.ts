const opening = '{"events":['
const [quote, backslash, open, close] = ['"', '\\', '{', '}'].map((each) => each.charCodeAt(0))

/** The JSON of each event of a page, exactly as it came: parsing it and writing it again may give other bytes. Throws if it is no page. */
export function eventTexts(page: string): readonly string[] {
  if (!page.startsWith(opening)) throw new Error('this is no page of events')
  const texts: string[] = []
  let at = opening.length
  while (page.charCodeAt(at) === open) {
    const end = endOfObject(page, at)
    texts.push(page.slice(at, end))
    at = page[end] === ',' ? end + 1 : end
  }
  return texts
}

function endOfObject(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === quote) at = endOfString(text, at)
    else if (code === open) depth += 1
    else if (code === close && (depth -= 1) === 0) return at + 1
  }
  throw new Error('an event of the page does not end')
}

/** Where the string that begins here has its closing quote: one with an even number of backslashes before it. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0
    while (text.charCodeAt(at - slashes - 1) === backslash) slashes += 1
    if (slashes % 2 === 0) return at
  }
  throw new Error('a string of the page does not end')
}
