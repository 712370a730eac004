import * as fc from 'fast-check'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { performLanding } from '../../../../src/adapters/git/landing/perform.ts'
import { planUndo, performUndo } from '../../../../src/adapters/git/landing/undo.ts'
import { commitAll, gitIn, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import { outcomeOf, put, removed } from '../../../support/landing.ts'
import { openBoth, snapshotOf } from '../../../support/own-repository.ts'
import { userFingerprint } from '../../../support/user-fingerprint.ts'

const files = { a: lines(12), b: lines(3), 'd/c': lines(6), 'd/e/f': 'x\n' }

// Each file stays, goes, or has some of its lines replaced; some are new.
const line = fc.constantFrom('x\n', 'y\n', 'z\n', '', '4\n')
const edit = fc.oneof(
  { weight: 9, arbitrary: fc.constant('stays' as const) },
  { weight: 1, arbitrary: fc.constant('goes' as const) },
  { weight: 4, arbitrary: fc.array(fc.tuple(fc.nat({ max: 11 }), line), { minLength: 1, maxLength: 3 }) },
)
const side = fc.record({ a: edit, b: edit, 'd/c': edit, 'd/e/f': edit, new: edit, 'd/new': edit })
type Side = typeof side extends fc.Arbitrary<infer T> ? T : never

test('what lands on a random dirty worktree is what git merges, and undo gives the worktree back', async () => {
  let landed = 0
  await fc.assert(
    fc.asyncProperty(side, side, async (mine, theirs) => {
      const root = makeRepository({ files })
      const opened = await openBoth(root)
      const expected = plainMerge(mine, theirs)
      apply(root, mine)
      const before = userFingerprint(root)
      const edits = Object.entries(contentsOf(theirs)).map(([path, text]) =>
        text === null ? removed(path) : put(path, text),
      )
      const outcome = await outcomeOf(opened, { edits }).catch((error: { code: string }) => {
        // Two new files of one name: the person's is untracked and in the way.
        expect([error.code, expected]).toEqual(['KAGE_TARGET_OCCUPIED', null])
        return null
      })
      if (outcome?.kind === 'plan') {
        await performLanding(outcome.plan)
        expect((await snapshotOf(opened)).tree).toBe(expected)
        await performUndo(await planUndo(outcome.plan))
        landed++
      } else if (outcome !== null) expect(outcome.kind === 'nothing' ? outcome.tree : null).toBe(expected)
      expect(userFingerprint(root)).toEqual(before)
      rmSync(root, { recursive: true })
      rmSync(opened.own.directory, { recursive: true })
    }),
    { numRuns: 20, endOnFailure: true },
  )
  expect(landed).toBeGreaterThan(5)
})

/** The tree that plain git merges from commits of both sides, or null. */
function plainMerge(mine: Side, theirs: Side): string | null {
  const root = makeRepository({ files })
  const commits = [mine, theirs].map((side) => {
    gitIn(root, ['checkout', '--quiet', '--detach', 'main'])
    apply(root, side)
    return commitAll(root, 'side')
  })
  try {
    return gitIn(root, [
      '-c',
      'merge.directoryRenames=false',
      'merge-tree',
      '--write-tree',
      ...commits,
    ]).trim()
  } catch {
    return null
  } finally {
    rmSync(root, { recursive: true })
  }
}

function apply(root: string, side: Side): void {
  for (const [path, text] of Object.entries(contentsOf(side))) {
    if (text === null) rmSync(join(root, path), { force: true })
    else writeFiles(root, { [path]: text })
  }
}

function contentsOf(side: Side): Record<string, string | null> {
  const changed: Record<string, string | null> = {}
  for (const [path, edit] of Object.entries(side)) {
    const base: string | undefined = (files as Record<string, string>)[path]
    if (edit === 'goes' && base !== undefined) changed[path] = null
    if (typeof edit === 'string') continue
    const text = (base ?? '').split(/(?<=\n)/)
    for (const [at, line] of edit) text[Math.min(at, text.length)] = line
    changed[path] = text.join('')
  }
  return changed
}

function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `${index + 1}\n`).join('')
}
