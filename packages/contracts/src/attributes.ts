import { schemeIdentifies } from './identifiers.ts'
import { contractLimits } from './limits.ts'
import { isName } from './names.ts'
import { schemaFault } from './reasons.ts'
import { type Classification, classifications, type Doc, type Identifying, type Shape } from './shape.ts'

export type Node = Readonly<Record<string, unknown>>

/** Others' attributes have a dot, a colon or a hyphen in their name and a plain value; any other unknown word is a slip of the pen. */
export function refuseUnknownAttributes(node: Node, known: readonly string[], pointer: string): void {
  for (const [name, value] of Object.entries(node)) {
    if (known.includes(name)) continue
    const foreign = /^[A-Za-z][\w]*[.:-][\w.:-]+$/.test(name) && ['string', 'number', 'boolean'].includes(typeof value)
    if (!foreign) throw schemaFault(isName(name) ? `${pointer}/${name}` : pointer, 'attribute-unknown')
  }
}

export function readDoc(node: Node, pointer: string): Doc | undefined {
  const { doc } = node
  if (doc === undefined || isText(doc)) return doc
  if (typeof doc === 'object' && doc !== null && 'es' in doc && 'en' in doc && Object.keys(doc).length === 2) {
    const { es, en } = doc
    if (isText(es) && isText(en)) return { es, en }
  }
  throw schemaFault(`${pointer}/doc`, 'doc-invalid')
}

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= contractLimits.docLength && value.isWellFormed()

const isClassification = (value: unknown): value is Classification => classifications.some((known) => known === value)

/** A field of the contract's record says its own; one inside another field may leave it to that. */
export function readClassification(node: Node, pointer: string, outer?: Classification): Classification {
  const { classification = outer } = node
  if (!isClassification(classification)) throw schemaFault(`${pointer}/classification`, 'classification-missing')
  return classification
}

export function readConcept(node: Node, pointer: string): string | undefined {
  const { concept } = node
  if (concept === undefined) return undefined
  if (typeof concept === 'string' && concept.length <= contractLimits.docLength && URL.canParse(concept)) return concept
  throw schemaFault(`${pointer}/concept`, 'concept-invalid')
}

/** What the field identifies. `isTop`: it stands in the contract's record itself, where alone a key may be. */
export function readIdentifying(
  node: Node,
  shape: Shape,
  { pointer, isTop }: { readonly pointer: string; readonly isTop: boolean },
): Identifying | undefined {
  const { identifies, scheme, role } = node
  if (identifies === undefined && scheme === undefined && role === undefined) return undefined
  if (typeof identifies !== 'string') throw schemaFault(`${pointer}/identifies`, 'identifies-invalid')
  if (typeof scheme !== 'string') throw schemaFault(`${pointer}/scheme`, 'identifies-invalid')
  if (role !== 'key' && role !== 'party') throw schemaFault(`${pointer}/role`, 'identifies-invalid')
  const kinds = schemeIdentifies(scheme)
  if (kinds === undefined) throw schemaFault(`${pointer}/scheme`, 'scheme-unknown')
  if (!kinds.includes(identifies)) throw schemaFault(`${pointer}/identifies`, 'identifies-invalid')
  const isNullable = shape.kind === 'nullable'
  const plain = isNullable ? shape.of : shape
  if (plain.kind !== 'scalar' || plain.scalar !== 'string') throw schemaFault(`${pointer}/type`, 'identifying-type')
  if (node['default'] !== undefined && node['default'] !== null) {
    throw schemaFault(`${pointer}/default`, 'identifying-type')
  }
  if (role === 'key' && (isNullable || !isTop)) throw schemaFault(`${pointer}/role`, 'key-once')
  return { identifies, scheme, role }
}
