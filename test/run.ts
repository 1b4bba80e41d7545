import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Runs Jest and ends with the one line that counts. Arguments go to Jest: `npm test -- packages/engine`.
const directory = mkdtempSync(join(tmpdir(), 'unavez-test-'))
const report = join(directory, 'report.json')
const jest = spawnSync(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'node_modules/jest/bin/jest.js',
    '--json',
    `--outputFile=${report}`,
    ...process.argv.slice(2),
  ],
  { stdio: ['ignore', 'ignore', 'inherit'] },
)
let failed = 1
try {
  const counts = JSON.parse(readFileSync(report, 'utf8')) as {
    numPassedTests: number
    numFailedTests: number
    numRuntimeErrorTestSuites: number
  }
  // A suite that could not even be loaded or ended has no failed test of its own: it counts as one. So does whatever else
  // Jest is not content with, such as servers that could not be stopped.
  const known = counts.numFailedTests + counts.numRuntimeErrorTestSuites
  failed = jest.status === 0 ? known : Math.max(known, 1)
  process.stdout.write(`${counts.numPassedTests} passed, ${failed} failed\n`)
} catch {
  process.stdout.write('0 passed, 1 failed\n')
} finally {
  rmSync(directory, { recursive: true, force: true })
}
process.exitCode = failed === 0 ? 0 : 1
