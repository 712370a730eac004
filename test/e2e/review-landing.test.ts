import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Picked, UndoView } from '../../src/core/protocol/results.ts'
import { gitIn, makeRepository, writeFiles, commitAll } from '../support/git-repository.ts'
import { makeHouse } from '../support/kage.ts'

test('picks in several repositories at once get undos of their own', async () => {
  const house = makeHouse()
  const repositories = Array.from({ length: 4 }, () => changedRepository())
  for (const repository of repositories) await house.done(repository, ['compare', 'side'])
  const picked = await Promise.all(
    repositories.map((repository, index) =>
      house.done<Picked>(repository, ['pick', `r${index + 1}`, '--from', 'side']),
    ),
  )
  expect(new Set(picked.map(({ undo }) => undo)).size).toBe(4)
  for (const [index, repository] of repositories.entries()) {
    const { undos } = await house.done<{ undos: UndoView[] }>(repository, ['undo', '--list'])
    expect(undos.map(({ id }) => id)).toEqual([picked[index]?.undo])
    await house.done(repository, ['undo'])
    expect(readFileSync(join(repository, 'a.txt'), 'utf8')).toBe('one\ntwo\nthree\n')
  }
})

/** A repository whose branch `side` changes a file. */
function changedRepository(): string {
  const repository = makeRepository()
  gitIn(repository, ['checkout', '--quiet', '-b', 'side'])
  writeFiles(repository, { 'a.txt': 'one\nTWO\nthree\n' })
  commitAll(repository, 'side')
  gitIn(repository, ['checkout', '--quiet', 'main'])
  return repository
}
