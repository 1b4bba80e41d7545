import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

import { expect, test } from '@jest/globals'
import { problems } from '@unavez/protocol'

/** Who may import whom: the table of ARCHITECTURE.md. A folder that is not in it fails. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  schemas: [],
  infra: [],
  'packages/protocol': [],
  'packages/engine': [],
  'packages/contracts': ['schemas', 'protocol'],
  'packages/policy': ['contracts', 'protocol'],
  'packages/engine-embedded': ['engine'],
  'packages/engine-kafka': ['engine'],
  'packages/service-kit': ['engine', 'policy', 'contracts', 'protocol'],
  'packages/exchange': ['service-kit', 'engine', 'policy', 'contracts', 'protocol'],
  'packages/sdk': ['protocol', 'contracts'],
  'services/identity': ['exchange', 'service-kit', 'engine', 'policy', 'contracts', 'protocol', 'schemas'],
  'services/registry': ['service-kit', 'engine', 'policy', 'contracts', 'protocol', 'schemas'],
  'services/governance': ['service-kit', 'engine', 'policy', 'contracts', 'protocol', 'schemas'],
  'services/gateway': ['exchange', 'service-kit', 'engine', 'policy', 'contracts', 'protocol', 'schemas'],
  'services/delivery': ['exchange', 'service-kit', 'engine', 'policy', 'contracts', 'protocol', 'schemas'],
  'services/evidence': ['exchange', 'service-kit', 'engine', 'policy', 'contracts', 'protocol', 'schemas'],
  'services/sandbox': ['sdk', 'schemas', 'service-kit'],
  'services/host': [
    'identity',
    'registry',
    'governance',
    'gateway',
    'delivery',
    'evidence',
    'sandbox',
    'engine-embedded',
    'engine-kafka',
    'service-kit',
    'engine',
    'policy',
    'contracts',
    'protocol',
  ],
}

/** Tests of a package may use these beside what its code may. */
const testsMayUse = new Set(['infra', 'engine-embedded'])

/** Second doors, for tests alone. */
const forTests: Readonly<Record<string, string>> = {
  'packages/engine': './conformance',
  'packages/service-kit': './testing',
}

const ignored = new Set(['node_modules', 'generated', '.git', 'data', 'coverage', '.kafka'])

function filesBelow(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (ignored.has(entry.name)) return []
    const path = join(directory, entry.name)
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}

const sources = ['schemas', 'infra', 'packages', 'services', 'test']
  .flatMap(filesBelow)
  .filter((path) => /\.(ts|mjs)$/.test(path))
const folders = [
  'schemas',
  'infra',
  ...['packages', 'services'].flatMap((top) => readdirSync(top).map((name) => `${top}/${name}`)),
].filter((path) => statSync(path).isDirectory())

const read = (path: string): string => readFileSync(path, 'utf8')
const isTest = (path: string): boolean => path.includes('/test/')
const importsOf = (path: string): readonly string[] =>
  [...read(path).matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(([, specifier = '']) => specifier)

test.each(folders)('%s stands in the import table and in ARCHITECTURE.md, and keeps to its line', (folder) => {
  const layer = allowed[folder]
  expect(layer).toBeDefined()
  expect(read('ARCHITECTURE.md')).toContain(`\`${folder}\``)
  const manifest = JSON.parse(read(join(folder, 'package.json'))) as {
    dependencies?: object
    devDependencies?: object
    exports: object
  }
  const ours = (dependencies: object = {}): string[] =>
    Object.keys(dependencies).flatMap((name) => (name.startsWith('@unavez/') ? [name.slice('@unavez/'.length)] : []))
  expect(ours(manifest.dependencies).filter((name) => !layer?.includes(name))).toEqual([])
  expect(ours(manifest.devDependencies).filter((name) => !layer?.includes(name) && !testsMayUse.has(name))).toEqual([])
})

test.each(folders)('%s has one door', (folder) => {
  const { exports } = JSON.parse(read(join(folder, 'package.json'))) as { exports: Record<string, string> }
  const doors = Object.keys(exports).filter((door) => door !== forTests[folder])
  expect(doors).toEqual(['.'])
})

test('no file reaches around a door into another package', () => {
  const around = sources.flatMap((path) => {
    const home = folders.find((folder) => path.startsWith(`${folder}/`)) ?? 'test'
    return importsOf(path)
      .filter((specifier) => specifier.startsWith('.'))
      .filter((specifier) => relative(home, join(dirname(path), specifier)).startsWith('..'))
      .filter(() => home !== 'test')
      .map((specifier) => `${path} → ${specifier}`)
  })
  expect(around).toEqual([])
})

test('only the engine itself and the host know that one engine is embedded', () => {
  const knowing = sources
    .filter((path) => !/^(packages\/engine-embedded|services\/host|test|infra)\//.test(path) && !isTest(path))
    .filter((path) => /\bembedded\b/i.test(read(path).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')))
  expect(knowing).toEqual([])
})

test('the environment is read at the edge only', () => {
  const readers = sources
    .filter((path) => !/^(test|infra)\//.test(path) && !isTest(path) && path !== 'services/host/src/config.ts')
    .filter((path) => read(path).includes('process.env'))
  expect(readers).toEqual([])
})

test('no source file is longer than 300 lines', () => {
  expect(sources.filter((path) => read(path).split('\n').length > 301)).toEqual([])
})

test('no folder has a name that says nothing', () => {
  const empty = new Set(['commons', 'common', 'core', 'shared', 'utils', 'util', 'helpers', 'manager', 'handler'])
  const named = sources.flatMap((path) => path.split('/').slice(0, -1)).filter((name) => empty.has(name))
  expect(named).toEqual([])
})

/** This test itself, and the one place that leaves out what needs a server which is not there. */
const mayName = new Set(['test/architecture.test.ts', 'packages/engine/src/conformance/where.ts'])

test('the code holds no any, no disabled rule and no test that is skipped', () => {
  const smell =
    /(:|<|\bas) any\b|@ts-(ignore|expect-error|nocheck)|(oxlint|eslint)-disable|\b(it|test|describe)\.(skip|only)\b/
  expect(sources.filter((path) => !mayName.has(path) && smell.test(read(path)))).toEqual([])
})

test('docs/problems.md tells exactly the problems of the catalogue, with their status', () => {
  const told = [...read('docs/problems.md').matchAll(/^\| `([a-z-]+)` \| (\d+) \|/gm)].map(([, code, status]) => [
    code,
    Number(status),
  ])
  expect(told).toEqual(Object.entries(problems).map(([code, { status }]) => [code, status]))
})

test('generated pages say what the code says', () => {
  const run = spawnSync(process.execPath, ['services/host/src/generate-docs.ts', '--check'], { encoding: 'utf8' })
  expect(run.stderr).toBe('')
  expect(run.status).toBe(0)
})
