import * as fc from 'fast-check'
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { enumerateCandidates } from '../../../../src/adapters/git/diff/enumerate.ts'
import { planLanding } from '../../../../src/adapters/git/landing/landing.ts'
import type { LandingTarget } from '../../../../src/adapters/git/landing/landing-plan.ts'
import { patchOf } from '../../../../src/adapters/git/diff/patch-text.ts'
import { performLanding } from '../../../../src/adapters/git/landing/perform.ts'
import { performUndo, planUndo } from '../../../../src/adapters/git/landing/undo.ts'
import { holdsAs } from '../../../support/async-property.ts'
import { commitAll, gitIn, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import { currentBranch } from '../../../support/landing.ts'
import { openBoth, snapshotOf } from '../../../support/own-repository.ts'
import type { Opened } from '../../../support/own-repository.ts'
import { composedTrees } from '../../../support/replay/sequence.ts'
import { takeAll, worldOf } from '../../../support/replay/world.ts'
import { userFingerprint } from '../../../support/user-fingerprint.ts'

const program = '/nonexistent/program'

const settings: readonly (readonly [string, string])[] = [
  ['diff.noprefix', 'true'],
  ['diff.mnemonicPrefix', 'true'],
  ['diff.external', program],
  ['diff.algorithm', 'minimal'],
  ['diff.algorithm', 'patience'],
  ['diff.indentHeuristic', 'false'],
  ['diff.renames', 'false'],
  ['diff.renames', 'copies'],
  ['diff.renameLimit', '1'],
  ['diff.context', '0'],
  ['diff.interHunkContext', '40'],
  ['diff.relative', 'true'],
  ['diff.suppressBlankEmpty', 'true'],
  ['diff.ignoreSubmodules', 'all'],
  ['diff.submodule', 'log'],
  ['diff.wordRegex', '.'],
  ['diff.orderFile', 'order'],
  ['diff.colorMoved', 'zebra'],
  ['diff.x.textconv', program],
  ['diff.x.command', program],
  ['diff.x.binary', 'true'],
  ['diff.x.xfuncname', '.*'],
  ['color.ui', 'always'],
  ['color.diff', 'always'],
  ['core.quotePath', 'false'],
  ['core.autocrlf', 'true'],
  ['core.autocrlf', 'input'],
  ['core.eol', 'crlf'],
  ['core.pager', program],
  ['core.whitespace', 'cr-at-eol,tab-in-indent'],
  ['core.abbrev', '4'],
  ['core.bigFileThreshold', '1'],
  ['core.attributesFile', 'attributes'],
  ['core.commentChar', '1'],
  ['core.preloadIndex', 'false'],
  ['core.splitIndex', 'true'],
  ['core.untrackedCache', 'true'],
  ['core.checkStat', 'minimal'],
  ['index.version', '4'],
  ['apply.whitespace', 'fix'],
  ['apply.ignoreWhitespace', 'change'],
  ['merge.conflictStyle', 'diff3'],
  ['merge.conflictStyle', 'zdiff3'],
  ['merge.renames', 'false'],
  ['merge.renameLimit', '1'],
  ['merge.directoryRenames', 'true'],
  ['merge.renormalize', 'true'],
  ['merge.default', 'union'],
  ['merge.verbosity', '5'],
  ['merge.x.driver', `${program} %A`],
  ['merge.x.name', 'x'],
  ['i18n.commitEncoding', 'ISO-8859-1'],
  ['i18n.logOutputEncoding', 'UTF-16'],
  ['log.showSignature', 'true'],
  ['commit.gpgSign', 'true'],
  ['gpg.program', program],
  ['commit.template', 'template'],
  ['commit.cleanup', 'strip'],
  ['status.showUntrackedFiles', 'no'],
  ['status.relativePaths', 'false'],
]

const variables: readonly (readonly [string, string])[] = [
  ['GIT_DIFF_OPTS', '-u7'],
  ['GIT_EXTERNAL_DIFF', program],
  ['GIT_DIR', '/nonexistent'],
  ['GIT_WORK_TREE', '/nonexistent'],
  ['GIT_INDEX_FILE', '/nonexistent'],
  ['GIT_OBJECT_DIRECTORY', '/nonexistent'],
  ['GIT_ALTERNATE_OBJECT_DIRECTORIES', '/nonexistent'],
  ['GIT_NAMESPACE', 'x'],
  ['GIT_CEILING_DIRECTORIES', '/'],
  ['GIT_ICASE_PATHSPECS', '1'],
  ['GIT_GLOB_PATHSPECS', '1'],
  ['GIT_MERGE_VERBOSITY', '5'],
  ['GIT_PAGER', program],
  ['GIT_TRACE', '1'],
  ['GIT_QUARANTINE_PATH', '/nonexistent'],
  ['GIT_DEFAULT_HASH', 'sha256'],
  ['GIT_CONFIG_COUNT', '1'],
  ['GIT_CONFIG_KEY_0', 'merge.default'],
  ['GIT_CONFIG_VALUE_0', 'union'],
  ['GIT_CONFIG_PARAMETERS', "'merge.default=union'"],
  ['GIT_AUTHOR_NAME', 'Somebody Else'],
  ['GIT_COMMITTER_DATE', '0 +0000'],
  ['GIT_NOTES_REF', 'refs/x'],
  ['GREP_OPTIONS', '--color=always'],
  ['LC_ALL', 'tr_TR.UTF-8'],
  ['LANGUAGE', 'de'],
  ['TERM', 'xterm-256color'],
  ['TZ', 'Asia/Kolkata'],
]

const attributes = [
  '* -diff',
  '* diff=x',
  '* merge=union',
  '* merge=x',
  '* -merge',
  '* whitespace=fix',
  '* -text',
  '* conflict-marker-size=1',
]

const hostile = fc.record({
  own: fc.subarray([...settings]),
  everywhere: fc.subarray([...settings]),
  variables: fc.subarray([...variables]),
  attributes: fc.subarray(attributes),
  globalAttributes: fc.subarray(attributes),
})

type Hostile = typeof hostile extends fc.Arbitrary<infer T> ? T : never

test('the same bytes come of everything under any setting, attribute and variable', async () => {
  const calm = await storyUnder({
    own: [],
    everywhere: [],
    variables: [],
    attributes: [],
    globalAttributes: [],
  })
  expect(calm.landed).toContain('theirs 1')
  const numRuns = Math.ceil(Number(process.env['KAGE_RUNS'] ?? 80) / 10)
  await holdsAs(
    fc.asyncProperty(hostile, async (surroundings) => {
      expect(await storyUnder(surroundings)).toEqual(calm)
    }),
    { numRuns, endOnFailure: true },
  )
}, 600_000)

/** Everything that the engine makes of one and the same work: changes, patch, trees, conflicts, files, and what undo leaves. */
async function storyUnder(surroundings: Hostile): Promise<Record<string, unknown>> {
  const root = makeWork()
  surround(root, surroundings)
  const restore = setVariables([...surroundings.variables, ['HOME', join(root, '..', 'home')]])
  try {
    const opened = await openBoth(root)
    const theirs = gitIn(root, ['rev-parse', 'theirs^{tree}']).trim()
    const before = userFingerprint(root)
    const trees = { base: treeAt(root, 'HEAD'), theirs }
    const commit = { commit: '', tree: '' }
    const pair = {
      name: 'x',
      base: { ...commit, tree: trees.base },
      ours: { ...commit, tree: trees.base },
      theirs: { ...commit, tree: theirs },
      plain: ['', ''] as const,
    }
    const world = await worldOf(opened.own, pair)
    const [composed = ''] = await composedTrees(world, [takeAll(world, 'theirs')])
    const [candidate] = await enumerateCandidates(opened.own, trees.base, [{ agent: 'x', tree: theirs }])
    const patch = (await patchOf(opened.own, trees.base, theirs)).toString('latin1')
    const mine = (await snapshotOf(opened)).tree
    const clash = await outcome(opened, treeAt(root, 'clash'), { kind: 'worktree' })
    const landed = await outcome(opened, composed, { kind: 'worktree' })
    if (landed.kind !== 'plan') throw new Error(JSON.stringify(landed))
    await performLanding(landed.plan)
    const files = readFileSync(join(root, 'text'), 'latin1') + readFileSync(join(root, 'renamed'), 'latin1')
    await performUndo(await planUndo(landed.plan))
    expect(userFingerprint(root)).toEqual(before)
    const onBranch = await outcome(opened, composed, {
      ...currentBranch({ ref: 'side' }),
      checkedOut: false,
    } as LandingTarget)
    return {
      changes: candidate?.changes,
      patch,
      composed,
      mine,
      clash: clash.kind === 'conflict' ? clash.conflicts : clash.kind,
      tree: landed.plan.tree,
      // Which line ends a file gets is git's to say: line-ends-property holds that.
      landed: files.replaceAll('\r\n', '\n'),
      branch: onBranch.kind === 'plan' ? onBranch.plan.tree : onBranch.kind,
    }
  } finally {
    restore()
  }
}

function outcome(opened: Opened, composed: string, target: LandingTarget): ReturnType<typeof planLanding> {
  const { own, repository, settings: bytes, head, root } = opened
  return planLanding({
    own,
    repository,
    settings: bytes,
    id: 'u1',
    target,
    head,
    base: treeAt(root, head),
    composed,
  })
}

/** A person's repository with work that is not committed, and branches of others. */
function makeWork(): string {
  const lines = Array.from({ length: 30 }, (_, index) => (index % 3 === 0 ? '\n' : `\tline ${index}  \n`))
  const text = (...edits: [number, string][]): string => {
    const all = [...lines]
    for (const [at, line] of edits) all[at] = line
    return all.join('')
  }
  const root = makeRepository({
    files: {
      text: text(),
      moved: `moved\n${text()}`,
      'caf\u00e9 \t': 'x\r\ny\n',
      binary: 'a\0b',
      gone: 'gone\n',
    },
  })
  const branch = (name: string, work: () => void): void => {
    gitIn(root, ['checkout', '--quiet', '-b', name, 'main'])
    work()
    commitAll(root, name)
    gitIn(root, ['checkout', '--quiet', 'main'])
  }
  branch('theirs', () => {
    writeFiles(root, {
      text: text([1, 'theirs 1 \n'], [20, 'theirs 20\r\n']),
      moved: `moved\n${text([10, 'theirs\n'])}`,
    })
    writeFiles(root, { 'caf\u00e9 \t': 'x\r\ny\nz', binary: 'a\0c', 'new/file': 'new' })
    rmSync(join(root, 'gone'))
    symlinkSync('text', join(root, 'link'))
    chmodSync(join(root, 'binary'), 0o755)
  })
  branch('clash', () => writeFiles(root, { text: text([5, 'clash\n']) }))
  gitIn(root, ['branch', 'side', 'main'])
  rmSync(join(root, 'moved'))
  writeFiles(root, { text: text([5, 'mine\n']), renamed: `moved\n${text()}`, order: 'x\n' })
  return root
}

function surround(root: string, { own, everywhere, attributes: here, globalAttributes }: Hostile): void {
  for (const [key, value] of own) gitIn(root, ['config', key, value])
  const home = join(root, '..', 'home')
  mkdirSync(home, { recursive: true })
  writeFiles(home, { '.gitconfig': '', attributes: globalAttributes.map((line) => `${line}\n`).join('') })
  const settled = [...everywhere, ['core.attributesFile', join(home, 'attributes')] as const]
  for (const [key, value] of settled) gitIn(root, ['config', '--file', join(home, '.gitconfig'), key, value])
  mkdirSync(join(root, '.git/info'), { recursive: true })
  writeFileSync(join(root, '.git/info/attributes'), here.map((line) => `${line}\n`).join(''))
}

function setVariables(wanted: readonly (readonly [string, string])[]): () => void {
  const before = { ...process.env }
  for (const [name, value] of wanted) process.env[name] = value
  const restore = (): void => {
    for (const [name] of wanted) delete process.env[name]
    Object.assign(process.env, before)
  }
  onTestFinished(restore)
  return restore
}

function treeAt(root: string, revision: string): string {
  return gitIn(root, ['rev-parse', `${revision}^{tree}`]).trim()
}
