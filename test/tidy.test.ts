import { globSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { wrongArrows, wrongGates } from './support/tidy/arrow.ts'
import { kindQuestions } from './support/tidy/kind.ts'
import { strayTests } from './support/tidy/mirror.ts'
import { impurities } from './support/tidy/purity.ts'
import { barrels, folderRings, tooLong } from './support/tidy/shape.ts'
import { type Source, source, sourcesOf } from './support/tidy/source.ts'

const root = join(import.meta.dirname, '..')
const ours = sourcesOf(root, ['src'])
const rules = [wrongArrows, wrongGates, impurities, tooLong, barrels, folderRings, kindQuestions] as const

test.each(rules.map((rule) => [rule.name, rule] as const))('the project has no %s', (_, rule) => {
  expect(ours.length).toBeGreaterThan(0)
  expect(rule(ours)).toEqual([])
})

test('a test lies in the folder of what it tests', () => {
  expect(strayTests(globSync('{src,tmux,lua,plugin,scripts,bin,test}/**/*.*', { cwd: root }))).toEqual([])
  const stray = 'test/core/life/id.test.ts'
  expect(strayTests(['src/core/id.ts', 'test/core/id.test.ts', stray])).toEqual([`${stray} mirrors nothing`])
})

test('each rule finds what is planted against it', () => {
  check(
    wrongArrows,
    'src/core/a.ts',
    "import '../adapters/git/git.ts'",
    'src/core/a.ts imports src/adapters/git/git.ts',
  )
  check(wrongArrows, 'src/core/a.ts', "import 'node:fs'", 'src/core/a.ts imports node:fs')
  check(wrongArrows, 'src/core/a.ts', "import 'execa'", 'src/core/a.ts imports execa')
  check(
    wrongArrows,
    'src/adapters/git/a.ts',
    "import type { B } from '../tmux/b.ts'",
    'src/adapters/git/a.ts imports src/adapters/tmux/b.ts',
  )
  check(
    wrongArrows,
    'src/adapters/git/a.ts',
    "export { b } from '../../daemon/b.ts'",
    'src/adapters/git/a.ts imports src/daemon/b.ts',
  )
  check(wrongArrows, 'src/cli/a.ts', "await import('../daemon/b.ts')", 'src/cli/a.ts imports src/daemon/b.ts')
  check(
    wrongArrows,
    'src/cli/a.ts',
    "import '../adapters/git/b.ts'",
    'src/cli/a.ts imports src/adapters/git/b.ts',
  )
  check(
    wrongArrows,
    'src/nvim/a.ts',
    "import '../adapters/store/b.ts'",
    'src/nvim/a.ts imports src/adapters/store/b.ts',
  )
  check(
    wrongArrows,
    'src/agent/a.ts',
    "import '../adapters/tmux/b.ts'",
    'src/agent/a.ts imports src/adapters/tmux/b.ts',
  )
  check(
    wrongArrows,
    'src/daemon/a.ts',
    "import '../adapters/provider/b.ts'",
    'src/daemon/a.ts imports src/adapters/provider/b.ts',
  )
  check(
    wrongArrows,
    'src/daemon/a.ts',
    "import 'node:child_process'",
    'src/daemon/a.ts imports node:child_process',
  )
  check(
    wrongArrows,
    'src/adapters/store/a.ts',
    "import 'child_process'",
    'src/adapters/store/a.ts imports child_process',
  )
  check(wrongArrows, 'src/daemon/a.ts', "import '../../test/b.ts'", 'src/daemon/a.ts imports test/b.ts')
  check(
    wrongArrows,
    'src/elsewhere/a.ts',
    "import '../core/b.ts'",
    'src/elsewhere/a.ts imports src/core/b.ts',
  )
})

test('git and tmux are started by their adapters alone', () => {
  const run = "import { run } from '../adapters/process/run.ts'\n"
  check(wrongGates, 'src/daemon/a.ts', `${run}await run('git', ['status'], {})`, 'src/daemon/a.ts starts git')
  check(
    wrongGates,
    'src/daemon/a.ts',
    `${run}await run('/usr/bin/tmux', [], {})`,
    'src/daemon/a.ts starts tmux',
  )
  check(
    wrongGates,
    'src/adapters/git/a.ts',
    "import { spawn } from 'node:child_process'\nspawn('tmux', [])",
    'src/adapters/git/a.ts starts tmux',
  )
  check(
    wrongGates,
    'src/adapters/git/a.ts',
    "import { run } from '../process/run.ts'\nawait run('git', [], {})",
  )
})

test('core reads no clock, draws no lots and touches nothing', () => {
  const found = (text: string, ...uses: string[]): void =>
    check(impurities, 'src/core/a.ts', text, ...uses.map((use) => `src/core/a.ts:1 uses ${use}`))
  found('Date.now()', 'Date.now')
  found("Date['now']()", 'Date.now')
  found('new Date()', 'new Date()')
  found('Math.random()', 'Math.random')
  found('performance.now()', 'performance')
  found('process.env', 'process')
  found('setTimeout(f, 1)', 'setTimeout')
  found('const pause = setTimeout', 'setTimeout')
  found('new Date(at); state.process; Math.max(1, 2)')
  check(impurities, 'src/daemon/a.ts', 'Date.now()')
})

test('only the table of kinds and the drivers ask for an agent’s kind', () => {
  const found = 'src/daemon/a.ts:1 asks for a kind of agent'
  check(kindQuestions, 'src/daemon/a.ts', "agent.kind === 'api'", found)
  check(kindQuestions, 'src/daemon/a.ts', "agents.some(({ kind }) => 'command' !== kind)", found)
  check(kindQuestions, 'src/daemon/a.ts', "agent?.kind !== 'cli'", found)
  check(kindQuestions, 'src/daemon/a.ts', "switch (agent.kind) { case 'revision': break }", found)
  check(kindQuestions, 'src/daemon/a.ts', "run.mode === 'compare'", found)
  check(kindQuestions, 'src/daemon/a.ts', "region.kind === 'text'")
  check(kindQuestions, 'src/daemon/agent-kind/api.ts', "agent.kind === 'api'")
})

test('long files, long functions, barrels and rings of folders are found', () => {
  check(tooLong, 'src/a.ts', 'x\n'.repeat(301), 'src/a.ts has 301 lines')
  check(tooLong, 'src/a.ts', `x\nfunction f() {${'\n'.repeat(60)}}`, 'src/a.ts:2 has a function of 61 lines')
  check(tooLong, 'src/a.ts', `class A {${'\n'.repeat(200)}}`)
  check(barrels, 'src/cli/index.ts', 'export const a = 1', 'src/cli/index.ts is a barrel')
  check(
    barrels,
    'src/cli/all.ts',
    "export * from './a.ts'\nexport { b } from './b.ts'",
    'src/cli/all.ts is a barrel',
  )
  const ring = [
    source('src/core/a/x.ts', "import '../b/y.ts'"),
    source('src/core/b/y.ts', "import '../a/z.ts'"),
  ]
  expect(folderRings(ring)).toEqual(['src/core/a is in a ring', 'src/core/b is in a ring'])
  expect(
    folderRings([
      source('src/core/a.ts', "import './b/y.ts'"),
      source('src/core/b/y.ts', "import '../a.ts'"),
    ]),
  ).toEqual([])
})

function check(
  rule: (sources: readonly Source[]) => string[],
  path: string,
  text: string,
  ...problems: string[]
): void {
  expect(rule([source(path, text)])).toEqual(problems)
}
