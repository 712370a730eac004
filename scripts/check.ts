import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { resolve } from 'node:path'

// One row a check: what it is called and what is run. All of them run, however many fail.
const node = process.execPath
const checks: readonly (readonly [title: string, ...command: string[]])[] = [
  ['format', node, 'scripts/format.ts', '--check'],
  ['lint', node, 'node_modules/oxlint/bin/oxlint', '--report-unused-disable-directives', '.'],
  ['types', node, 'node_modules/typescript/bin/tsc', '--build'],
  ['tidy', node, 'node_modules/vitest/vitest.mjs', 'run', 'test/tidy.test.ts', '--reporter=dot'],
  ['dead code', node, 'node_modules/knip/bin/knip.js'],
  ['shell scripts', 'shellcheck', ...shellScripts()],
  ['docs', node, 'scripts/check-docs.ts'],
  ['guarantees', node, 'scripts/guarantees.ts', '--check'],
]

const failed = checks
  .filter(([title, program = '', ...args]) => !passes(title, program, args))
  .map(([title]) => title)
process.stdout.write(`check: ${checks.length - failed.length} passed, ${failed.length} failed\n`)
for (const title of failed) process.stdout.write(`check: ${title} failed\n`)
process.exitCode = failed.length === 0 ? 0 : 1

function passes(title: string, program: string, args: readonly string[]): boolean {
  process.stdout.write(`check: ${title}\n`)
  const { status, error } = spawnSync(program, args, { cwd: root(), stdio: ['ignore', 'inherit', 'inherit'] })
  if (error === undefined) return status === 0
  process.stdout.write(`check: ${program} is missing; install it to check this too\n`)
  return process.env['CI'] === undefined && 'code' in error && error.code === 'ENOENT'
}

function shellScripts(): string[] {
  const scripts = ['*.tmux', 'bin/kage', 'scripts/*.sh', 'tmux/**/*.{sh,tmux}', '.ci/run']
  return globSync(scripts, { cwd: root() }).toSorted()
}

function root(): string {
  return resolve(import.meta.dirname, '..')
}
