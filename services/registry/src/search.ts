import type { ContractState } from '@unavez/policy'

import { currentVersion, fieldViews } from './views.ts'

/**
 * Whether a contract speaks of each of the words: in its type, its description, its schema's and its fields' docs and names. Policy
 * replaces its states when they change, so that no text is ever outdated.
 */
export function openSearch(): (contract: ContractState, q: string) => boolean {
  const texts = new WeakMap<ContractState, string>()
  return (contract, q) => {
    const text = texts.get(contract) ?? textOf(contract)
    texts.set(contract, text)
    return folded(q)
      .split(/\s+/)
      .every((word) => text.includes(word))
  }
}

function textOf(contract: ContractState): string {
  const { type, description } = contract
  const { schema = {} } = currentVersion(contract) ?? {}
  const fields = fieldViews(schema).flatMap(({ name, doc }) => [name, ...said(doc)])
  const own = 'doc' in schema ? said(schema.doc) : []
  return folded([type, ...said(description), ...own, ...fields].join('\n'))
}

/** A doc is one text, or one in each language. */
function said(doc: unknown): readonly string[] {
  if (typeof doc === 'string') return [doc]
  if (typeof doc !== 'object' || doc === null) return []
  return Object.values(doc).filter((text) => typeof text === 'string')
}

/** Case and accents make no difference to who looks for something. */
const folded = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().trim()
