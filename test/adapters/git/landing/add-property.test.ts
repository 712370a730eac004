import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AtomDecision, Candidate } from '../../../../src/core/merge/change.ts'
import { holdsInBatches } from '../../../support/batch-property.ts'
import { gitIn, makeRepository } from '../../../support/git-repository.ts'
import { openBoth } from '../../../support/own-repository.ts'
import { commitHistories } from '../../../support/replay/commits.ts'
import type { History, TreeFiles } from '../../../support/replay/history-arbitrary.ts'
import { composedTrees } from '../../../support/replay/sequence.ts'
import { worldOf } from '../../../support/replay/world.ts'
import type { World } from '../../../support/replay/world.ts'

const line = fc.constantFrom('a\n', 'b\n', '\n', 'c\r\n', '}\n', '@@ -1 +1 @@\n', '--- a/f0\n', '\xff\n')
const text = fc.array(line, { minLength: 12, maxLength: 60 })
const splice = fc.record({ at: fc.nat(60), gone: fc.nat(3), lines: fc.array(line, { maxLength: 3 }) })
const file = fc.record({
  text,
  splices: fc.array(splice, { minLength: 1, maxLength: 6 }),
  open: fc.boolean(),
})
const work = fc.record({
  files: fc.array(file, { minLength: 1, maxLength: 3 }),
  answers: fc.infiniteStream(fc.boolean()),
})

type Work = typeof work extends fc.Arbitrary<infer T> ? T : never

/** Base lines [start, end) of a file, counted from 0, and whether they are taken. */
interface Hunk {
  readonly path: string
  readonly start: number
  readonly end: number
  readonly taken: boolean
}

test('a selection of hunks is what `git add -p` stages, answered hunk by hunk', async () => {
  const opened = await openBoth(makeRepository({ files: { f0: '' } }))
  await holdsInBatches(work, 25, async (cases) => {
    const pairs = commitHistories(opened.root, cases.map(historyOf))
    for (const [at, { answers }] of cases.entries()) {
      const pair = pairs[at]
      if (pair === undefined) throw new Error('a case was not committed')
      await check(await worldOf(opened.own, pair), opened.root, answers)
    }
  })
}, 1_800_000)

async function check(world: World, root: string, answers: Iterable<boolean>): Promise<void> {
  const { base, theirs } = world.pair
  gitIn(root, ['read-tree', '--reset', '-u', theirs.tree])
  gitIn(root, ['read-tree', base.tree])
  const hunks = hunksOf(gitIn(root, ['diff-files', '-p', '-U3', '--histogram', '--no-color']), answers)
  gitIn(
    root,
    ['-c', 'diff.algorithm=histogram', 'add', '-p'],
    hunks.map(({ taken }) => (taken ? 'y\n' : 'n\n')).join(''),
  )
  const staged = gitIn(root, ['write-tree']).trim()
  const candidate = world.candidates.find(({ agent }) => agent === 'theirs')
  const [composed] = await composedTrees(world, [decisionsOf(candidate, hunks)])
  expect(composed, JSON.stringify({ base: base.tree, theirs: theirs.tree, hunks })).toBe(staged)
}

function historyOf({ files }: Work): History {
  const side = (contentOf: (file: Work['files'][number]) => string): TreeFiles =>
    Object.fromEntries(files.map((each, at) => [`f${at}`, { mode: '100644', content: contentOf(each) }]))
  const base = side(({ text: lines }) => lines.join(''))
  return { base, ours: base, theirs: side(edited) }
}

function edited({ text: base, splices, open }: Work['files'][number]): string {
  const lines = [...base]
  for (const { at, gone, lines: fresh } of splices) lines.splice(Math.min(at, lines.length), gone, ...fresh)
  const content = lines.join('')
  return open ? content.replace(/\n$/, '') : content
}

// A line of content begins with ` `, `+`, `-` or `\`, so that nothing else can look like a header.
function hunksOf(patch: string, answers: Iterable<boolean>): Hunk[] {
  const answer = answers[Symbol.iterator]()
  let path = ''
  return patch.split('\n').flatMap((each) => {
    path = /^diff --git a\/(\w+) /.exec(each)?.[1] ?? path
    const [, from, count = '1'] = /^@@ -(\d+)(?:,(\d+))? /.exec(each) ?? []
    if (from === undefined) return []
    const start = count === '0' ? Number(from) : Number(from) - 1
    return [{ path, start, end: start + Number(count), taken: answer.next().value === true }]
  })
}

function decisionsOf(candidate: Candidate | undefined, hunks: readonly Hunk[]): AtomDecision[] {
  return (candidate?.changes ?? []).flatMap((change) => {
    if (change.kind !== 'text') throw new Error(`${change.path} is no text`)
    const { path, base } = change
    const taken = change.atoms.filter((atom) =>
      hunks.some(
        (hunk) => hunk.taken && hunk.path === path && hunk.start <= atom.start && atom.end <= hunk.end,
      ),
    )
    return taken.map((atom): AtomDecision => ({ kind: 'atom', path, base, atom, source: ['x'] }))
  })
}
