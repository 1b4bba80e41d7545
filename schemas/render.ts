type Node = Readonly<Record<string, unknown>>

/** A contract's file: its path below the schemas' folder, with slashes, and what it holds. */
export interface SchemaFile {
  readonly path: string
  readonly text: string
}

interface Rendered {
  readonly type: string
  readonly interfaceName: string
  readonly constantName: string
  readonly module: string
  readonly text: string
}

/** The TypeScript of all contracts: one module each, and a catalogue of them. Paths are below `generated/`. */
export function renderAll(files: readonly SchemaFile[]): readonly SchemaFile[] {
  const rendered = files.map(renderContract).sort((a, b) => (a.type < b.type ? -1 : 1))
  const modules = rendered.map(({ module, text }) => ({ path: module, text }))
  return [...modules, { path: 'catalogue.ts', text: renderCatalogue(rendered) }]
}

const heading = (source: string) => `// Made by schemas/generate.ts from ${source}: change that and generate again.\n\n`

function renderContract({ path, text }: SchemaFile): Rendered {
  const { contract, ...schema } = node(JSON.parse(text))
  const document = { ...node(contract), schema }
  const interfaceName = string(schema['name'])
  const constantName = interfaceName.charAt(0).toLowerCase() + interfaceName.slice(1)
  const module = path.replace(/\.avsc$/, '.ts')
  const interfaces: string[] = []
  renderInterface(schema, interfaces)
  const [own = '', ...inner] = interfaces.reverse()
  const up = '../'.repeat(module.split('/').length)
  const lines = [
    `${heading(path)}import type { ContractDocument } from '${up}document.ts'\n`,
    own.replace(/^interface /m, 'export interface '),
    ...inner,
    `export const ${constantName} = ${renderDocument(document)} as const satisfies ContractDocument\n`,
  ]
  return { type: string(node(contract)['type']), interfaceName, constantName, module, text: lines.join('\n') }
}

function renderCatalogue(rendered: readonly Rendered[]): string {
  const lines = [
    ...rendered.map((one) => `import { type ${one.interfaceName}, ${one.constantName} } from './${one.module}'`),
    '\n/** What ships with the bus, by type. Nothing of it is registered by itself. */',
    'export const contracts = {',
    ...rendered.map((one) => `  '${one.type}': ${one.constantName},`),
    '} as const',
    '\n/** The data of an event, by its type. */',
    'export interface EventData {',
    ...rendered.map((one) => `  '${one.type}': ${one.interfaceName}`),
    '}',
    `\nexport type { ${rendered.map((one) => one.interfaceName).join(', ')} }`,
  ]
  return `${heading('all .avsc files')}${lines.join('\n')}\n`
}

/** Adds the record's interface behind those of the records inside it, and gives its name. */
function renderInterface(record: Node, interfaces: string[]): string {
  const name = string(record['name'])
  const fields = list(record['fields']).map((item) => {
    const field = node(item)
    const type = renderType(field['type'], interfaces)
    const isOptional = field['default'] !== undefined || type.endsWith(' | null')
    return `${comment(field['doc'], '  ')}  readonly ${string(field['name'])}${isOptional ? '?' : ''}: ${type}\n`
  })
  interfaces.push(`${comment(record['doc'], '')}interface ${name} {\n${fields.join('')}}\n`)
  return name
}

const comment = (doc: unknown, indent: string) => {
  const text = typeof doc === 'object' && doc !== null && 'en' in doc ? doc.en : doc
  return typeof text === 'string' ? `${indent}/** ${text.replaceAll('*/', '* /')} */\n` : ''
}

const plainTypes: ReadonlyMap<unknown, string> = new Map([
  ['null', 'null'],
  ['boolean', 'boolean'],
  ['int', 'number'],
  ['long', 'number | string'],
  ['float', 'number'],
  ['double', 'number'],
  ['string', 'string'],
  ['bytes', 'string'],
  ['fixed', 'string'],
])

function renderType(type: unknown, interfaces: string[]): string {
  if (Array.isArray(type)) {
    const other: unknown = type.find((branch) => branch !== 'null')
    return `${renderType(other, interfaces)} | null`
  }
  if (typeof type === 'string') return plainTypes.get(type) ?? type.slice(type.lastIndexOf('.') + 1)
  const named = node(type)
  if (named['logicalType'] !== undefined) return 'string'
  switch (named['type']) {
    case 'record':
      return renderInterface(named, interfaces)
    case 'enum':
      return list(named['symbols'])
        .map((symbol) => `'${string(symbol)}'`)
        .join(' | ')
    case 'array':
      return `readonly (${renderType(named['items'], interfaces)})[]`
    case 'map':
      return `Readonly<Record<string, ${renderType(named['values'], interfaces)}>>`
    default:
      return renderType(named['type'], interfaces)
  }
}

/** JSON with each field of the schema on a line of its own. */
function renderDocument(document: Node): string {
  const { schema, ...rest } = document
  const { fields, ...head } = node(schema)
  const outer = Object.entries(rest).map(([key, value]) => `  ${key}: ${JSON.stringify(value)},\n`)
  const inner = Object.entries(head).map(([key, value]) => `    ${key}: ${JSON.stringify(value)},\n`)
  const lines = list(fields).map((field) => `      ${JSON.stringify(field)},\n`)
  return `{\n${outer.join('')}  schema: {\n${inner.join('')}    fields: [\n${lines.join('')}    ],\n  },\n}`
}

function node(value: unknown): Node {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('an object is missing')
  return Object.fromEntries(Object.entries(value))
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError('a list is missing')
  return value
}

function string(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('a text is missing')
  return value
}
