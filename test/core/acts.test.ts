import { expect, test } from 'vitest'
import { actsOf } from '../../src/core/acts.ts'
import type { Entry } from '../../src/core/merge/change.ts'
import type { RegionView } from '../../src/core/merge/region-view.ts'

const face = { key: 'k', agents: ['ada'], start: null, end: null, baseText: null, decided: [] } as const

function unit(path: string, entry: Entry | null, base: Entry | null = null, to?: string): RegionView {
  const variant = {
    letter: 'a',
    agents: ['ada'],
    unit: 'add',
    entry,
    decided: false,
    ...(to === undefined ? {} : { to }),
  }
  return { ...face, kind: 'add', path, base, variants: [variant] } as unknown as RegionView
}

function acts(path: string, mode = '100644', content = ''): string | null {
  return actsOf(unit(path, { mode, oid: '1' }), () => content)
}

test.each([
  ['CLAUDE.md', 'coding agents obey it'],
  ['docs/AGENTS.md', 'coding agents obey it'],
  ['.claude/settings.json', 'coding agents obey it'],
  ['sub/.codex/config.toml', 'coding agents obey it'],
  ['.mcp.json', 'coding agents start the programs it names'],
  ['.envrc', 'direnv runs it'],
  ['.github/workflows/test.yml', 'CI runs it'],
  ['.gitlab-ci.yml', 'CI runs it'],
  ['.circleci/config.yml', 'CI runs it'],
  ['Jenkinsfile', 'CI runs it'],
  ['ci/azure-pipelines-nightly.yaml', 'CI runs it'],
  ['.husky/pre-commit', 'hooks of git run it'],
  ['.vscode/tasks.json', 'editors act on it'],
  ['.gitattributes', 'git obeys it'],
])('%s makes tools act', (path, why) => {
  expect(acts(path)).toBe(why)
})

test.each(['README.md', 'src/claude.ts', 'github/x.yml', 'envrc', 'my.envrc.txt', 'docs/jenkinsfiles.md'])(
  '%s makes no tool act',
  (path) => {
    expect(acts(path)).toBe(null)
  },
)

test.each([
  ['link', '/etc/passwd', true],
  ['link', '../outside', true],
  ['a/b/link', '../../c', false],
  ['a/b/link', '../../../c', true],
  ['a/link', 'x/../../../c', true],
  ['a/link', '../c/..', false],
])('a link at %s to %s leads out: %s', (path, target, leadsOut) => {
  expect(acts(path, '120000', target)).toBe(leadsOut ? 'a link that leads out of the repository' : null)
})

test('a file that is executable now, and was not, is told; one that was is not', () => {
  const executable = { mode: '100755', oid: '1' } as Entry
  expect(acts('run', '100755')).toBe('a new executable')
  expect(actsOf(unit('run', executable, { mode: '100644', oid: '0' }), () => '')).toBe('a new executable')
  expect(actsOf(unit('run', executable, executable), () => '')).toBe(null)
})

test('a rename to such a path is told', () => {
  expect(actsOf(unit('notes.md', null, null, 'CLAUDE.md'), () => '')).toBe('coding agents obey it')
})
