import { Problem } from '@unavez/protocol'

/** What a refusal says: code and pointer; and all of its text, to look for values in. */
export function faultOf(act: () => unknown): { readonly code: string; readonly pointer: string | undefined } {
  return pick(refusalOf(act))
}

const pick = ({ code, details }: Problem) => ({ code, pointer: details.pointer })

export function refusalOf(act: () => unknown): Problem {
  try {
    act()
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('nothing was refused')
}
