import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { enumerateCandidates } from '../src/adapters/git/diff/enumerate.ts'
import { openOwn } from '../src/adapters/git/repository/own.ts'
import { openRepository } from '../src/adapters/git/repository/repository.ts'
import { writeTrees } from '../src/adapters/git/object/write.ts'
import type { FileEdit } from '../src/core/merge/change.ts'
import { makeHouse } from './support/house.ts'
import { makeRepository, pathOf } from './support/repository.ts'
import { middle, report } from './support/report.ts'
import { elapsedMs, rounds } from './support/rounds.ts'

/**
 * Listing what a candidate of 10,000 changed files changes, atom by atom, against `git diff-tree` with the same patch of the
 * same two trees. Candidates take turns, so that nothing is answered from what was kept.
 */
const files = 10_000
const candidates = 5
const house = makeHouse()

try {
  const root = makeRepository(house, 'repository', files)
  const repository = await openRepository(root)
  const own = await openOwn(repository, join(house.directory, 'own'))
  const base = house.run('git', ['-C', root, 'rev-parse', 'HEAD^{tree}']).trim()
  const texts = Array.from({ length: files }, (_, number) =>
    readFileSync(join(root, pathOf(number)), 'latin1'),
  )
  const compositions = Array.from({ length: candidates }, (_, candidate) =>
    texts.map((text, number): FileEdit => {
      return { path: pathOf(number), mode: '100644', content: `${text}// by ${candidate}\n` }
    }),
  )
  const trees = await writeTrees(own, base, compositions)
  let turn = 0
  const next = (): string => trees[(turn += 1) % trees.length] ?? ''
  const measured = await rounds(
    () => elapsedMs(() => enumerateCandidates(own, base, [{ agent: 'a', tree: next() }])),
    () => elapsedMs(() => diffTree(own.directory, base, next())),
    15_000,
  )
  const [candidate] = await enumerateCandidates(own, base, [{ agent: 'a', tree: next() }])
  if (candidate?.changes.length !== files) throw new Error(`${candidate?.changes.length} changes`)
  report({
    figure: `enumerating a candidate of ${files} changed files`,
    kage: middle(measured.map(({ kage }) => kage)),
    floor: middle(measured.map(({ floor }) => floor)),
    aim: '≤ 2×',
    unit: 'ms',
  })
} finally {
  house.close()
}

function diffTree(gitDir: string, base: string, tree: string): Buffer {
  const args = [`--git-dir=${gitDir}`, 'diff-tree', '-r', '-z', '-M', '--raw', '-p', '-U1', base, tree]
  return execFileSync('git', args, { maxBuffer: 1 << 28 })
}
