import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Changed, changedBetween } from '../../../../src/adapters/git/diff/changed.ts'
import { patchOf } from '../../../../src/adapters/git/diff/patch-text.ts'
import { holdsAsync } from '../../../support/async-property.ts'
import { gitIn, makeRepository } from '../../../support/git-repository.ts'
import { openBoth, type Opened } from '../../../support/own-repository.ts'
import { anyChangeOf, anyTree } from '../../../support/tree-arbitrary.ts'
import { type Tree, writeTree } from '../../../support/write-tree.ts'

const text = (line = ''): string =>
  Array.from({ length: 20 }, (_, at) => `${at}${at === 7 ? line : ''}\n`).join('')

test('a renamed file is one file of the count and one of the patch, in the words of git', async () => {
  const opened = await openBoth(makeRepository())
  const [base, tree] = [
    writeTree(opened, { x: ['100644', text()], '1\t1\t:a': ['100644', `${text()}other\n`] }),
    writeTree(opened, { y: ['100755', text('!')], ':1 2\tb\nc': ['100644', `${text()}other\n`] }),
  ]
  const { changed } = await changedBetween(opened.own, base, tree)
  expect(changed).toEqual({ files: 2, added: 1, deleted: 1 })
  const patch = (await patchOf(opened.own, base, tree)).toString('latin1')
  expect(patch).toContain(
    'diff --git a/x b/y\nold mode 100644\nnew mode 100755\nsimilarity index 94%\nrename from x\nrename to y\n',
  )
  expect(patch).toContain('rename from "1\\t1\\t:a"\nrename to ":1 2\\tb\\nc"\n')
  expect(applied(opened, base, patch)).toBe(tree)
})

test('git apply makes the tree of the patch, whatever was moved, and the count is that of git', async () => {
  const opened = await openBoth(makeRepository())
  const anyPair = anyTree.chain((base) => fc.tuple(fc.constant(base), anyChangeOf(base)))
  await holdsAsync(
    fc.asyncProperty(anyPair, async (pair: readonly [Tree, Tree]) => {
      const [base, tree] = [writeTree(opened, pair[0]), writeTree(opened, pair[1])]
      const patch = (await patchOf(opened.own, base, tree)).toString('latin1')
      expect(applied(opened, base, patch)).toBe(tree)
      const { changed } = await changedBetween(opened.own, base, tree)
      expect(changed).toEqual(countedByGit(opened, base, tree))
    }),
    25,
  )
})

test('a link that is moved to below its own path goes and comes', async () => {
  const opened = await openBoth(makeRepository())
  const [base, tree] = [
    writeTree(opened, { one: ['120000', 'nowhere'], x: ['100644', text()] }),
    writeTree(opened, { 'one/\t': ['120000', 'nowhere'], y: ['100644', text()] }),
  ]
  const patch = (await patchOf(opened.own, base, tree)).toString('latin1')
  expect(patch).not.toContain('rename ')
  expect(applied(opened, base, patch)).toBe(tree)
  expect((await patchOf(opened.own, base, base)).length).toBe(0)
})

/** The tree that git makes of a base by a patch. */
function applied({ own }: Opened, base: string, patch: string): string {
  gitIn(own.directory, ['read-tree', base])
  if (patch !== '')
    gitIn(own.directory, ['apply', '--cached', '--whitespace=nowarn', '-'], Buffer.from(patch, 'latin1'))
  return gitIn(own.directory, ['write-tree']).trim()
}

function countedByGit({ own }: Opened, base: string, tree: string): Changed {
  const options = ['-M', '--no-rename-empty', '--shortstat']
  const said = gitIn(own.directory, ['diff-tree', '-r', ...options, base, tree])
  const count = (what: RegExp): number => Number(what.exec(said)?.[1] ?? 0)
  return { files: count(/(\d+) files? /), added: count(/(\d+) insertion/), deleted: count(/(\d+) deletion/) }
}
