import { expect, test } from 'vitest'
import { mergeTrees } from '../../../../src/adapters/git/merge/merge.ts'
import type { Own } from '../../../../src/adapters/git/repository/own.ts'
import { treeChanges } from '../../../../src/adapters/git/diff/tree-changes.ts'
import { writeTrees } from '../../../../src/adapters/git/object/write.ts'
import { processTable } from '../../../../src/adapters/process/table.ts'
import { gitIn, makeRepository } from '../../../support/git-repository.ts'
import { openBoth } from '../../../support/own-repository.ts'

test('trees are compared by one process that stays, and by another when it died', async () => {
  const { own, trees } = await opened()
  const [first = '', second = '', third = ''] = trees
  const changed = async (old: string, now: string): Promise<string[]> =>
    (await treeChanges(own, old, now)).map(({ path }) => path)
  expect(await changed(first, second)).toEqual(['b'])
  const open = gitsOf(own, 'diff-tree')
  expect(open).toHaveLength(1)
  expect(await changed(second, third)).toEqual(['b', 'c'])
  expect(gitsOf(own, 'diff-tree')).toEqual(open)
  for (const pid of open) process.kill(pid, 'SIGKILL')
  expect(await changed(first, third)).toEqual(['c'])
})

test('comparisons asked at the same time are all answered', async () => {
  const { own, trees } = await opened()
  const [first = '', second = '', third = ''] = trees
  const asked = [second, third, second, third].map((tree) => treeChanges(own, first, tree))
  const paths = (await Promise.all(asked)).map((changes) => changes.map(({ path }) => path))
  expect(paths).toEqual([['b'], ['c'], ['b'], ['c']])
})

test('a tree that is missing fails, and the next comparison is answered', async () => {
  const { own, trees } = await opened()
  const [first = '', second = ''] = trees
  await expect(treeChanges(own, first, `${'0'.repeat(39)}1`)).rejects.toThrow()
  expect((await treeChanges(own, first, second)).map(({ path }) => path)).toEqual(['b'])
})

test('the next merge is begun beforehand, and sees what was written since', async () => {
  const { own, trees } = await opened()
  const middle = '1\n2\n3\n4\n'
  const write = (content: string): Promise<string[]> =>
    writeTrees(own, trees[0] ?? '', [[{ path: 'd', mode: '100644', content }]])
  const [base = ''] = await write(middle)
  const [ours = ''] = await write(`mine\n${middle}`)
  for (const end of ['one\n', 'two\n', 'three\n']) {
    const [theirs = ''] = await write(middle + end)
    const [outcome] = await mergeTrees(own, [{ base, ours, theirs }])
    const text = gitIn(own.directory, ['cat-file', 'blob', `${outcome!.tree}:d`])
    expect(text).toBe(`mine\n${middle}${end}`)
    expect(gitsOf(own, 'merge-tree')).toHaveLength(1)
  }
})

/** The processes of a command in a repository of Kage's own. */
function gitsOf({ directory }: Own, command: string): number[] {
  return processTable.pids().filter((pid) => {
    const words = processTable.words(pid)
    return words !== null && words.includes(directory) && words.includes(command)
  })
}

/** Trees that differ in one file each: a; a and b; a and c. */
async function opened(): Promise<{ own: Own; trees: string[] }> {
  const { own, head } = await openBoth(makeRepository({ files: { a: 'a\n' } }))
  const edits = [[], ['b'], ['c']].map((paths) =>
    paths.map((path) => ({ path, mode: '100644', content: `${path}\n` })),
  )
  return { own, trees: await writeTrees(own, head, edits) }
}
