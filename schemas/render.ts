type Node = Readonly<Record<string, unknown>>

/** A contract’s file: its path below the schemas’ folder, with slashes, and what it holds: an Avro record with `contract` and `sample`. */
export interface SchemaFile {
  readonly path: string
  readonly text: string
}

interface Rendered {
  readonly type: string
  readonly isEvidence: boolean
  readonly interfaceName: string
  readonly parametersName: string | undefined
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
  const { contract, sample, ...schema } = node(JSON.parse(text))
  const { kind, type, parameters } = node(contract)
  const interfaceName = string(schema['name'])
  const constantName = interfaceName.charAt(0).toLowerCase() + interfaceName.slice(1)
  const module = path.replace(/\.avsc$/, '.ts')
  const isEvidence = kind === 'evidence'
  const documentType = isEvidence ? 'EvidenceDocument' : 'EventDocument'
  const up = '../'.repeat(module.split('/').length)
  const lines = [
    `${heading(path)}import type { ${documentType} } from '${up}document.ts'\n`,
    ...renderRecord(schema),
    ...(parameters === undefined ? [] : renderRecord(node(parameters))),
    `export const ${constantName} = ${renderDocument({ ...node(contract), schema })} as const satisfies ${documentType}\n`,
    `export const ${constantName}Sample: ${interfaceName} = {\n${members(node(sample))}}\n`,
  ]
  return {
    type: string(type),
    isEvidence,
    interfaceName,
    parametersName: parameters === undefined ? undefined : string(node(parameters)['name']),
    constantName,
    module,
    text: lines.join('\n'),
  }
}

/** The record's interface, exported, and those of the records inside it. */
function renderRecord(record: Node): readonly string[] {
  const interfaces: string[] = []
  renderInterface(record, interfaces)
  const [own = '', ...inner] = interfaces.reverse()
  return [own.replace(/^interface /m, 'export interface '), ...inner]
}

function renderCatalogue(rendered: readonly Rendered[]): string {
  const map = (of: readonly Rendered[], value: (one: Rendered) => string) =>
    of.map((one) => `  '${one.type}': ${value(one)}`)
  const events = rendered.filter((one) => !one.isEvidence)
  const evidence = rendered.filter((one) => one.isEvidence)
  const asked = evidence.filter((one) => one.parametersName !== undefined)
  const lines = [
    ...rendered.map(renderImport),
    '\n/** What ships with the bus, by type. The bus registers its own (`unavez.*`); nothing else is registered by itself. */',
    'export const contracts = {',
    ...map(rendered, (one) => `${one.constantName},`),
    '} as const',
    '\n/** The data of an event, by its type. */',
    'export interface EventData {',
    ...map(events, (one) => one.interfaceName),
    '}',
    '\n/** The data of an answer to an evidence request, by its type. */',
    'export interface EvidenceData {',
    ...map(evidence, (one) => one.interfaceName),
    '}',
    '\n/** What a request for a predicate asks, by its type. */',
    'export interface EvidenceParameters {',
    ...map(asked, (one) => one.parametersName ?? ''),
    '}',
    '\n/** Data that follows each contract and is about nobody. */',
    'export const samples: EventData & EvidenceData = {',
    ...map(rendered, (one) => `${one.constantName}Sample,`),
    '}',
    '\nexport type {',
    ...rendered.map((one) => `  ${one.interfaceName},`),
    '}',
  ]
  return `${heading('all .avsc files')}${lines.join('\n')}\n`
}

function renderImport({ interfaceName, parametersName, constantName, module }: Rendered): string {
  const types = [interfaceName, ...(parametersName === undefined ? [] : [parametersName])].map((name) => `type ${name}`)
  return `import { ${[...types, constantName, `${constantName}Sample`].join(', ')} } from './${module}'`
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
  const inner = Object.entries(head).map(([key, value]) => `    ${key}: ${JSON.stringify(value)},\n`)
  const lines = list(fields).map((field) => `      ${JSON.stringify(field)},\n`)
  const schemaLines = `  schema: {\n${inner.join('')}    fields: [\n${lines.join('')}    ],\n  },\n`
  return `{\n${members(rest)}${schemaLines}}`
}

const members = (of: Node): string =>
  Object.entries(of)
    .map(([key, value]) => `  ${key}: ${JSON.stringify(value)},\n`)
    .join('')

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
