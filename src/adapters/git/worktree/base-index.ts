// Captures of a worktree with a git directory of its own begin with the index that Kage kept of the checkout. Kage then
// hashes every changed file itself and needs no object of the agent's store. The agent's own index is only read: it says
// which ignored paths are tracked, which tracked paths are not any more, and which files sparse checkout left out.
import { copyFile, mkdir, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { limit } from '../../../core/limit.ts'
import type { ByteString, Oid } from '../../../core/merge/change.ts'
import { blobSizes } from '../object/blob.ts'
import { git } from '../command/git.ts'
import type { GitPlace } from '../command/git.ts'
import { readIndex } from '../object/index-file.ts'
import { indexEntries, type IndexEntry } from '../object/index-entries.ts'
import { configText, type Own } from '../repository/own.ts'
import { readRegular } from '../command/regular-file.ts'
import { listUntrusted, openUntrusted, readUntrusted } from '../command/untrusted-directory.ts'
import { statAt } from './work-file.ts'

export interface BaseIndexWish {
  /** Kage's own index of the checkout. */
  readonly from: string
  /** The agent's git directory. */
  readonly gitDir: string
  readonly base: Oid
}

/** Fills the index of `place` with Kage's own one, as the agent's index tracks paths now; returns paths to settle in any case. */
export async function fillFromBase(
  own: Own,
  place: GitPlace & { readonly index: string },
  wish: BaseIndexWish,
): Promise<readonly ByteString[]> {
  await copyBase(place, wish)
  const theirs = (await agentEntries(own, wish.gitDir))?.filter(({ path }) => isPossible(path)) ?? null
  if (theirs === null) return []
  const kept = await readRegular(place.index)
  const ours = kept === null ? null : indexEntries(kept.bytes, own.objectFormat)
  return ours === null ? [] : follow(own, place, ours, theirs)
}

/** Whether git itself could have written such a path; the agent may have made its index up. */
function isPossible(path: ByteString): boolean {
  const names = path.replace(/\/$/, '').split('/')
  return names.every((name) => name !== '' && name !== '.' && name !== '..' && name.toLowerCase() !== '.git')
}

async function copyBase(place: GitPlace & { readonly index: string }, wish: BaseIndexWish): Promise<void> {
  if (!existsSync(wish.from)) return void (await git(place, ['read-tree', wish.base]))
  const { atime, mtimeMs } = await stat(wish.from)
  await copyFile(wish.from, place.index)
  // Not newer than the original, or git would take files that changed just after the checkout for unchanged.
  await utimes(place.index, atime, mtimeMs / 1000 - 0.002)
}

async function follow(
  own: Own,
  place: GitPlace,
  ours: readonly IndexEntry[],
  theirs: readonly IndexEntry[],
): Promise<ByteString[]> {
  const collapsed = theirs.filter(({ mode }) => mode === treeMode).map(({ path }) => path)
  const tracked = new Map(theirs.filter(({ mode }) => mode !== treeMode).map((entry) => [entry.path, entry]))
  const isCollapsed = (path: ByteString): boolean => collapsed.some((directory) => path.startsWith(directory))
  const known = new Map(ours.map((entry) => [entry.path, entry]))
  const gone = ours.filter(({ path }) => !tracked.has(path) && !isCollapsed(path)).map(({ path }) => path)
  await update(place, ['--force-remove'], gone)
  const missing = await missingFiles(own, place, known, [...tracked.values()])
  await putEntries(place, missing)
  const left = ours.filter(({ path }) => tracked.has(path) || isCollapsed(path))
  const skips = ({ path }: IndexEntry): boolean =>
    isCollapsed(path) || tracked.get(path)?.skipWorktree === true
  const paths = (entries: readonly IndexEntry[]): ByteString[] => entries.map(({ path }) => path)
  const newlySkipped = left.filter((entry) => skips(entry) && !entry.skipWorktree)
  await update(place, ['--skip-worktree'], [...paths(newlySkipped), ...paths(missing)])
  await update(
    place,
    ['--no-skip-worktree'],
    paths(left.filter((entry) => !skips(entry) && entry.skipWorktree)),
  )
  const settled = new Set(paths(missing))
  const { workTree = '' } = place
  return [...tracked.values()]
    .filter(({ path, stage }) => (stage > 0 || !known.has(path)) && !settled.has(path))
    .flatMap(({ path, mode }) => {
      if (statAt(workTree, path)?.isDirectory() !== true) return [path]
      return mode === linkMode ? [`${path}/`] : []
    })
}

const treeMode = 0o040000
const linkMode = 0o160000

/** Entries of files that sparse checkout left out and that the agent's commits changed, where their content is known. */
async function missingFiles(
  own: Own,
  { workTree = '' }: GitPlace,
  known: ReadonlyMap<ByteString, IndexEntry>,
  tracked: readonly IndexEntry[],
): Promise<IndexEntry[]> {
  const changed = tracked.filter(
    ({ path, oid, stage, skipWorktree }) =>
      skipWorktree && stage === 0 && known.get(path)?.oid !== oid && statAt(workTree, path) === null,
  )
  if (changed.length === 0) return []
  const sizes = await blobSizes(
    own,
    changed.map(({ oid }) => oid),
  )
  return changed.filter(({ oid }) => sizes.has(oid))
}

async function putEntries(place: GitPlace, entries: readonly IndexEntry[]): Promise<void> {
  if (entries.length === 0) return
  const lines = entries.map(({ mode, oid, path }) => `${mode.toString(8)} ${oid}\t${path}\0`)
  await git(place, ['update-index', '--add', '--replace', '-z', '--index-info'], {
    input: Buffer.from(lines.join(''), 'latin1'),
  })
}

async function update(
  place: GitPlace,
  options: readonly string[],
  paths: readonly ByteString[],
): Promise<void> {
  if (paths.length === 0) return
  const input = Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1')
  await git(place, ['update-index', ...options, '-z', '--stdin'], { input })
}

/** The entries of the agent's index; null where it has none that can be read. */
async function agentEntries(own: Own, gitDir: string): Promise<IndexEntry[] | null> {
  const directory = await openUntrusted(gitDir)
  if (directory === null) return null
  try {
    const found = await readUntrusted(directory, 'index', limit.agentIndexBytes)
    if (found === null) return null
    const copy = readIndex(found.bytes, own.objectFormat)
    if (copy?.split !== true) return indexEntries(found.bytes, own.objectFormat)
    const shared = (await listUntrusted(directory)).filter(({ name }) =>
      /^sharedindex\.[0-9a-f]+$/.test(name),
    )
    const files = await Promise.all(
      shared.map(async ({ name }) => ({
        name,
        file: await readUntrusted(directory, name, limit.agentIndexBytes),
      })),
    )
    return await joined(own, [{ name: 'index', file: found }, ...files])
  } finally {
    await directory.close()
  }
}

interface IndexPart {
  readonly name: string
  readonly file: { readonly bytes: Buffer } | null
}

/** The parts of a split index are joined by git in a directory of Kage's own, where no configuration of the agent's lies. */
async function joined(own: Own, parts: readonly IndexPart[]): Promise<IndexEntry[] | null> {
  const gitDir = join(
    own.directory,
    'temporary',
    `split.${process.pid}.${Math.random().toString(36).slice(2)}`,
  )
  try {
    for (const name of ['refs', 'objects']) await mkdir(join(gitDir, name), { recursive: true })
    await writeFile(join(gitDir, 'HEAD'), 'ref: refs/heads/none\n')
    await writeFile(join(gitDir, 'config'), configText(own.objectFormat, true))
    for (const { name, file } of parts) if (file !== null) await writeFile(join(gitDir, name), file.bytes)
    await git({ gitDir }, ['update-index', '--force-write-index', '--no-split-index'])
    const whole = await readRegular(join(gitDir, 'index'))
    return whole === null ? null : indexEntries(whole.bytes, own.objectFormat)
  } catch {
    return null
  } finally {
    await rm(gitDir, { recursive: true, force: true })
  }
}
