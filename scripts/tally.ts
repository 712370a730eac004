import { existsSync, readFileSync } from 'node:fs'

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly Suite[]
}

interface Suite {
  readonly name: string
  readonly status: string
  readonly message: string
  readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
}

// tally.ts REPORT TEST_STATUS CHECK_STATUS says what failed and counts it: tests, files that could not be loaded, a test
// run that failed otherwise, and the checks as one.
const [file = '', testStatus, checkStatus] = process.argv.slice(2)
const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : null
const problems = report === null ? [] : report.testResults.flatMap(problemsOf)
if (testStatus !== '0' && problems.length === 0) problems.push('make test')
if (checkStatus !== '0') problems.push('make check')

for (const problem of problems) process.stdout.write(`failed: ${problem}\n`)
process.stdout.write(`${report?.numPassedTests ?? 0} passed, ${problems.length} failed\n`)
process.exitCode = problems.length === 0 ? 0 : 1

function problemsOf(suite: Suite): string[] {
  const failed = suite.assertionResults.filter(({ status }) => status === 'failed')
  if (failed.length === 0 && suite.status === 'failed') return [`${suite.name}: ${suite.message}`]
  return failed.map(({ fullName }) => `${suite.name}: ${fullName}`)
}
