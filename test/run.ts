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
    numFailedTestSuites: number
    numPendingTests: number
    success: boolean
  }
  // A suite that could not even be loaded has no failed test of its own: it counts as one.
  failed = counts.success ? 0 : Math.max(counts.numFailedTests, counts.numFailedTestSuites, 1)
  process.stdout.write(`${counts.numPassedTests} passed, ${failed} failed\n`)
} catch {
  process.stdout.write('0 passed, 1 failed\n')
} finally {
  rmSync(directory, { recursive: true, force: true })
}
process.exitCode = jest.status === 0 && failed === 0 ? 0 : 1
