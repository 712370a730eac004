import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readBlobs } from '../../../../src/adapters/git/object/blob.ts'
import { copyBase } from '../../../../src/adapters/git/agent/copy-base.ts'
import { evictReader } from '../../../../src/adapters/git/object/object-reader.ts'
import { bytesOf, listStore } from '../../../../src/adapters/git/upkeep/listing.ts'
import { removeOld } from '../../../../src/adapters/git/upkeep/remove-old.ts'
import { repack } from '../../../../src/adapters/git/upkeep/repack.ts'
import { type KeptRoots, walkOf } from '../../../../src/adapters/git/upkeep/roots.ts'
import { snapshot } from '../../../../src/adapters/git/worktree/snapshot.ts'
import { addWorktree } from '../../../../src/adapters/git/worktree/worktree.ts'
import { commitAll, gitIn, headOf, makeRepository, writeFiles } from '../../../support/git-repository.ts'
import { holdsAsync } from '../../../support/async-property.ts'
import { type Opened, openBoth, snapshotOf, treePaths } from '../../../support/own-repository.ts'
import { seeded } from '../../../support/seed.ts'
import { temporaryDirectory } from '../../../support/temporary.ts'

const noise = seeded(7)

test('a superseded snapshot goes, the kept one stays readable to the byte', async () => {
  const opened = await openBoth(makeRepository())
  writeFiles(opened.root, { 'big.bin': noiseOf(400_000) })
  const first = await snapshotOf(opened)
  const kept = noiseOf(50_000)
  writeFiles(opened.root, { 'big.bin': kept })
  const second = await snapshotOf(opened)
  const before = await sizeOf(opened)
  await collect(opened)
  expect(await sizeOf(opened)).toBeLessThan(before - 350_000)
  expect(objectType(opened, first.tree)).toBe('missing')
  expect(show(opened, `${second.tree}:big.bin`)).toEqual(kept.toString('latin1'))
  expect((await listStore(join(opened.own.directory, 'objects'))).packs).toHaveLength(1)
})

test('a second repack without a change keeps the one pack', async () => {
  const opened = await openBoth(makeRepository())
  writeFiles(opened.root, { new: 'new\n' })
  const { tree } = await snapshotOf(opened)
  await collect(opened)
  const packs = readdirSync(join(opened.own.directory, 'objects', 'pack'))
  await collect(opened)
  expect(readdirSync(join(opened.own.directory, 'objects', 'pack'))).toEqual(packs)
  expect(show(opened, `${tree}:new`)).toBe('new\n')
})

test('what only the state names is kept, and what a refless name no longer does goes', async () => {
  const opened = await openBoth(makeRepository())
  writeFiles(opened.root, { new: 'first\n' })
  const { tree } = await snapshotOf(opened)
  writeFiles(opened.root, { new: 'second\n' })
  await snapshotOf(opened)
  await collect(opened, { objects: [tree], bases: [] })
  expect(show(opened, `${tree}:new`)).toBe('first\n')
  await collect(opened)
  expect(objectType(opened, tree)).toBe('missing')
})

test('an object that git renewed since the listing stays', async () => {
  const opened = await openBoth(makeRepository())
  writeFiles(opened.root, { new: 'first\n' })
  const { tree } = await snapshotOf(opened)
  writeFiles(opened.root, { new: 'second\n' })
  await snapshotOf(opened)
  const repacked = await repack(opened.own, opened.repository, await walk(opened))
  await pause(20)
  gitIn(opened.own.directory, ['hash-object', '-w', '--stdin'], 'first\n')
  await removeOld(opened.own, repacked)
  expect(objectType(opened, blobOf('first\n', opened))).toBe('blob')
  expect(objectType(opened, tree)).toBe('tree')
})

// Both sides may hold an object loose or packed; whoever collects first, a kept snapshot has to stay whole.
for (const [lender, borrower] of [
  ['loose', 'loose'],
  ['loose', 'packed'],
  ['packed', 'loose'],
  ['packed', 'packed'],
] as const)
  test(`a snapshot outlives both sides' gc: ${lender} with the person, ${borrower} with Kage`, async () => {
    const root = makeRepository()
    const opened = await openBoth(root)
    const worktree = join(temporaryDirectory(), 'worktree')
    const request = { path: worktree, branch: 'kage/r1/ada', base: opened.head }
    const gitDir = await addWorktree(opened.repository, request)
    writeFiles(worktree, { 'staged.txt': 'staged by the agent\n' })
    gitIn(worktree, ['add', 'staged.txt'])
    const settings = opened.settings
    const taken = await snapshot(opened.own, {
      workTree: worktree,
      gitDir,
      base: opened.head,
      settings,
      name: 'r1/0',
    })
    gitIn(root, ['worktree', 'remove', '--force', '--force', worktree])
    gitIn(root, ['branch', '-D', 'kage/r1/ada'])
    const oid = blobOf('staged by the agent\n', opened)
    if (lender === 'packed') {
      gitIn(root, ['pack-objects', '-q', '.git/objects/pack/pack'], `${oid}\n`)
      gitIn(root, ['prune-packed'])
    }
    if (borrower === 'loose') unpackAll(opened)
    const collectTheirs = (): string => gitIn(root, ['gc', '-q', '--prune=now'])
    for (const each of [() => collect(opened), collectTheirs, () => collect(opened), collectTheirs])
      await each()
    expect(treePaths(opened, taken.tree)).toEqual(['a.txt', 'src/b.txt', 'staged.txt'])
    evictReader(opened.own)
    const texts = await readBlobs(opened.own, [oid])
    expect([...texts.values()]).toEqual(['staged by the agent\n'])
  })

test('the tree of a base that nobody holds is copied, that of a held base is not', async () => {
  const root = makeRepository({ files: { 'base.txt': 'base\n' } })
  const opened = await openBoth(root)
  writeFiles(root, { new: 'new\n' })
  const { tree } = await snapshotOf(opened)
  gitIn(root, ['update-ref', 'refs/kage/base/r1', opened.head])
  const roots = { objects: [], bases: [{ run: 'r1', commit: opened.head }] }
  await collect(opened, roots)
  expect(await ownObjects(opened)).not.toContain(blobOf('base\n', opened))
  gitIn(root, ['update-ref', '-d', 'refs/kage/base/r1'])
  await collect(opened, roots)
  expect(await ownObjects(opened)).toContain(blobOf('base\n', opened))
  // The person rewrites their history and their gc takes the old one.
  gitIn(root, ['checkout', '-q', '--orphan', 'other'])
  gitIn(root, ['commit', '-qm', 'other', '--allow-empty'])
  gitIn(root, ['branch', '-D', 'main'])
  gitIn(root, ['reflog', 'expire', '--expire=now', '--all'])
  gitIn(root, ['gc', '-q', '--prune=now'])
  expect(show(opened, `${tree}:base.txt`)).toBe('base\n')
})

test('a base that Kage copied stays, also after the person rewrote their history', async () => {
  const root = makeRepository({ files: { 'base.txt': 'base\n' } })
  commitAll(root, 'second')
  const opened = await openBoth(root)
  writeFiles(root, { new: 'new\n' })
  const { tree } = await snapshotOf(opened)
  await copyBase(opened.own, opened.repository, 'r1', opened.head)
  gitIn(root, ['checkout', '-q', '--orphan', 'other'])
  gitIn(root, ['commit', '-qm', 'other', '--allow-empty'])
  gitIn(root, ['branch', '-D', 'main'])
  gitIn(root, ['reflog', 'expire', '--expire=now', '--all'])
  gitIn(root, ['gc', '-q', '--prune=now'])
  await collect(opened)
  expect(show(opened, `${tree}:base.txt`)).toBe('base\n')
  expect(gitIn(opened.own.directory, ['cat-file', '-t', opened.head]).trim()).toBe('commit')
})

test('a ref that is no snapshot keeps its history', async () => {
  const root = makeRepository()
  const opened = await openBoth(root)
  gitIn(root, ['checkout', '-q', '-b', 'lost'])
  for (const round of ['one', 'two']) {
    writeFiles(root, { 'lost.txt': `${round}\n` })
    commitAll(root, round)
  }
  gitIn(opened.own.directory, ['update-ref', 'refs/kage/lost/1', headOf(root)])
  gitIn(root, ['checkout', '-q', 'main'])
  gitIn(root, ['branch', '-q', '-D', 'lost'])
  gitIn(root, ['update-ref', 'refs/kage/base/r1', opened.head])
  await collect(opened, { objects: [], bases: [{ run: 'r1', commit: opened.head }] })
  gitIn(root, ['reflog', 'expire', '--expire=now', '--all'])
  gitIn(root, ['gc', '-q', '--prune=now'])
  expect(gitIn(opened.own.directory, ['log', '-p', '--format=%s', 'refs/kage/lost/1'])).toContain('+one')
})

test('killed at any moment, a repack loses nothing that is kept', async () => {
  const opened = await openBoth(makeRepository())
  const roots = join(temporaryDirectory(), 'roots.json')
  writeFileSync(roots, JSON.stringify({ objects: [], bases: [{ run: 'r1', commit: opened.head }] }))
  let round = 0
  await holdsAsync(
    fc.asyncProperty(fc.integer({ min: 0, max: 250 }), async (afterMs) => {
      round++
      writeFiles(opened.root, { 'new.bin': noiseOf(20_000), [`round-${round}`]: `${round}\n` })
      const { tree } = await snapshotOf(opened)
      const child = spawn(
        process.execPath,
        [
          join(import.meta.dirname, '../../../support/repack-child.ts'),
          opened.root,
          opened.own.directory,
          roots,
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      )
      await once(child.stdout, 'data')
      await pause(afterMs)
      child.kill('SIGKILL')
      await once(child, 'close')
      gitIn(opened.own.directory, ['rev-list', '--objects', '--quiet', tree])
      expect(show(opened, `${tree}:round-${round}`)).toBe(`${round}\n`)
      evictReader(opened.own)
    }),
    12,
  )
  await collect(opened, { objects: [], bases: [] })
  gitIn(opened.own.directory, ['fsck', '--no-dangling'])
})

async function walk(opened: Opened, roots?: KeptRoots): ReturnType<typeof walkOf> {
  const base = { run: 'r1', commit: opened.head }
  return walkOf(opened.own, opened.repository, roots ?? { objects: [], bases: [base] })
}

async function collect(opened: Opened, roots?: KeptRoots): Promise<void> {
  const repacked = await repack(opened.own, opened.repository, await walk(opened, roots))
  evictReader(opened.own)
  await removeOld(opened.own, repacked)
}

async function sizeOf({ own }: Opened): Promise<number> {
  return bytesOf(await listStore(join(own.directory, 'objects')))
}

function noiseOf(bytes: number): Buffer {
  return Buffer.from(Array.from({ length: bytes }, () => Math.floor(noise() * 256)))
}

function show({ own }: Opened, name: string): string {
  return gitIn(own.directory, ['cat-file', 'blob', name])
}

function objectType({ own }: Opened, name: string): string {
  const line = gitIn(own.directory, ['cat-file', '--batch-check=%(objecttype)'], `${name}\n`).trim()
  return line.endsWith(' missing') ? 'missing' : line
}

function blobOf(text: string, { root }: Opened): string {
  return gitIn(root, ['hash-object', '--stdin'], text).trim()
}

/** The objects of Kage's own repository alone, without those it borrows. */
async function ownObjects({ own }: Opened): Promise<string[]> {
  const { packs, loose } = await listStore(join(own.directory, 'objects'))
  const packed = packs.flatMap(({ path }) => {
    const index = readFileSync(path.replace(/pack$/, 'idx'))
    return gitIn(own.directory, ['show-index'], index)
      .split('\n')
      .map((line) => line.split(' ')[1] ?? '')
  })
  return [...packed, ...loose.map(({ path }) => path.split('/').slice(-2).join(''))]
}

/** Makes every packed object of Kage's own repository a loose one. */
function unpackAll({ own }: Opened): void {
  const objects = join(own.directory, 'objects')
  const alternates = join(objects, 'info', 'alternates')
  renameSync(join(objects, 'pack'), join(own.directory, 'pack.old'))
  renameSync(alternates, `${alternates}.away`)
  for (const name of readdirSync(join(own.directory, 'pack.old')).filter((each) => each.endsWith('.pack')))
    gitIn(own.directory, ['unpack-objects', '-q'], readFileSync(join(own.directory, 'pack.old', name)))
  renameSync(`${alternates}.away`, alternates)
}
