// Runs on plain Node 20 + npm before start, test and check: installs what the lock file names, and nothing when it has
// not changed since the last time. No global tools, no questions.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const pnpm = 'pnpm@12.21.0'
const stamp = 'node_modules/.installed'
const wanted = createHash('sha256').update(readFileSync('pnpm-lock.yaml')).update(process.platform).digest('hex')
const present = existsSync(stamp) ? readFileSync(stamp, 'utf8') : ''

if (present !== wanted) {
  process.stdout.write('Installing what the lock file names (once; a minute or so)…\n')
  const install = spawnSync('npx', ['--yes', pnpm, 'install', '--frozen-lockfile', '--reporter=append-only'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    shell: process.platform === 'win32',
    env: { ...process.env, CI: 'true' },
  })
  if (install.status !== 0) {
    process.stderr.write(`${install.stdout ?? ''}\nThe packages could not be installed; the lines above say why.\n`)
    process.exit(1)
  }
  writeFileSync(stamp, wanted)
}
const bundled = existsSync('node_modules/.bin/node') || existsSync('node_modules/.bin/node.exe')
if (!bundled && Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    `Unavez needs Node 24 or newer here (this is ${process.versions.node}, and none is bundled for ${process.platform}).\n`,
  )
  process.exit(1)
}
