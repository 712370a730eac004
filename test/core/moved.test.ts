import { expect, test } from 'vitest'
import { movedPath, topOf } from '../../src/core/moved-path.ts'
import { withMoved } from '../../src/core/moved.ts'
import { changedSlices, emptyState, stateOfSlices } from '../../src/core/state.ts'
import { begun, stateAfter } from '../support/agent-story.ts'

test.each([
  ['/a/repo', '/b/repo'],
  ['/a/repo/.git', '/b/repo/.git'],
  ['/a/repository', '/a/repository'],
  ['refs/heads/main', 'refs/heads/main'],
])('after a move %s is %s', (path, moved) => {
  expect(movedPath(path, { from: '/a/repo', to: '/b/repo' })).toBe(moved)
})

test('the top of a git directory is what moves with it', () => {
  expect([topOf('/a/repo/.git'), topOf('/a/bare.git')]).toEqual(['/a/repo', '/a/bare.git'])
})

test('what is decided at the old place is decided at the new one, also as it is stored', () => {
  const before = stateAfter(...begun)
  const run = before.runs['r1']!
  const { root, key } = run.repository
  const kept = { [root]: ['k'], 'refs/heads/main': ['m'] }
  const pending = { [root]: { removed: [], added: [] } }
  const decided = { ...before, runs: { r1: { ...run, kept, pending } } }
  const after = withMoved(decided, { repository: key, from: root, to: '/elsewhere' })
  expect(after.runs['r1']).toMatchObject({
    repository: { root: '/elsewhere', key },
    kept: { '/elsewhere': ['k'], 'refs/heads/main': ['m'] },
  })
  const rows = new Map<string, unknown>()
  for (const [from, to] of [
    [emptyState, decided],
    [decided, after],
  ] as const)
    for (const { key: name, value } of changedSlices(from, to))
      if (value === null) rows.delete(name)
      else rows.set(name, value)
  const stored = [...rows].map(([name, value]) => ({ key: name, value }))
  expect(stateOfSlices(after.seq, stored).runs['r1']?.kept).toEqual(after.runs['r1']?.kept)
  const other = withMoved(decided, { repository: 'other', from: root, to: '/x' })
  expect(other).toEqual({ ...decided, repositories: other.repositories })
})
