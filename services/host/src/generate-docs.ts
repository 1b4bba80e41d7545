import { readFileSync, writeFileSync } from 'node:fs'

import { problems } from '@unavez/protocol'

import { ConfigShape } from './config.ts'

/** The pages that are generated from code; `--check` fails when one of them has drifted. */
const pages: Readonly<Record<string, string>> = {
  'docs/configuration.md': configurationPage(),
  'docs/problems.md': problemsPage(),
}

const check = process.argv.includes('--check')
const drifted = Object.entries(pages).filter(([path, text]) => !check || read(path) !== text)
for (const [path, text] of drifted) {
  if (check) process.stderr.write(`${path} has drifted from the code; run: npm run generate\n`)
  else writeFileSync(path, text)
}
process.exitCode = check && drifted.length > 0 ? 1 : 0

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function configurationPage(): string {
  const rows = Object.entries(ConfigShape.properties).map(([name, shape]) => {
    const { default: fallback, description } = shape as { default?: unknown; description?: string }
    return `| \`${name}\` | ${fallback === '' ? '' : `\`${String(fallback)}\``} | ${description ?? ''} |`
  })
  return [
    '# Configuration',
    '',
    'Read once, at the start, from the environment. Every wrong variable is named in one message, and the host ends with exit code 1.',
    'This page is generated from the code (`npm run generate`).',
    '',
    '| variable | default | meaning |',
    '| --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}

function problemsPage(): string {
  const rows = Object.entries(problems).map(
    ([code, { status, es, en }]) => `| \`${code}\` | ${status} | ${es} | ${en} |`,
  )
  return [
    '# Problems',
    '',
    'Every way the bus says no, as `application/problem+json` (RFC 9457). Codes are public: more may come, none is renamed.',
    'This page is generated from the code (`npm run generate`).',
    '',
    '| code | status | es | en |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n')
}
