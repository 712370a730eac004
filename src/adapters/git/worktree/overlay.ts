import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { KageError } from '../../../core/error.ts'
import type { ByteString, Oid, TreePath } from '../../../core/merge/change.ts'
import { showPath } from '../../../core/merge/path-name.ts'
import { pathOfBytes } from '../../../core/merge/path.ts'
import type { ByteSettings } from '../repository/byte-settings.ts'
import { framePlace } from './frame.ts'
import { git } from '../command/git.ts'
import type { GitPlace } from '../command/git.ts'
import { dropIndex } from './kept-look.ts'
import type { Own } from '../repository/own.ts'
import { parentsOf, treePathBytes } from '../object/tree-path.ts'
import { directoryMode, isDirectoryMode, readDirectories } from '../object/tree.ts'
import { diskPath, readWorkFile } from './work-file.ts'

/** A text of an editor, by the path of its file. */
export interface UnwrittenText {
  readonly path: TreePath
  readonly bytes: Uint8Array
}

export interface OverlayRequest {
  readonly workTree: string
  readonly settings: ByteSettings
  /** The snapshot of that worktree. */
  readonly tree: Oid
  readonly texts: readonly UnwrittenText[]
}

/**
 * Lays texts that are not written yet over the snapshot of a worktree: they become blobs as their files would if they were
 * written, with the files' modes; what git ignores is left out. For that they are written to a directory of Kage's own,
 * beside an index of that snapshot, which also has the attributes.
 */
export async function overlayTexts(
  own: Own,
  request: OverlayRequest,
): Promise<{ readonly tree: Oid; readonly ignored: readonly TreePath[] }> {
  const files = await filesOf(own, request)
  const directory = join(own.directory, 'temporary', `${randomUUID()}.texts`)
  const index = `${directory}.index`
  await mkdir(directory, { recursive: true })
  const place = { ...(await framePlace(own, request.settings)), index }
  try {
    await git({ ...place, workTree: request.workTree }, ['read-tree', request.tree])
    const ignored = await ignoredOf({ ...place, workTree: request.workTree }, files)
    const taken = files.filter(({ path }) => !ignored.includes(path))
    for (const file of taken) await writeText(directory, file)
    const input = Buffer.from(taken.map(({ name }) => `${name}\0`).join(''), 'latin1')
    const texts = { ...place, workTree: directory }
    await git(texts, ['update-index', '--add', '-z', '--stdin'], { input })
    const options = own.partial ? ['--missing-ok'] : []
    const tree = (await git(texts, ['write-tree', ...options])).stdout.toString('latin1').trim()
    return { tree, ignored }
  } finally {
    await dropIndex(index)
    await rm(directory, { recursive: true, force: true })
  }
}

interface TextFile extends UnwrittenText {
  readonly name: ByteString
  readonly mode: string
}

/** The files of the texts; refuses what is no regular file of the worktree and cannot become one. */
async function filesOf(own: Own, { workTree, tree, texts }: OverlayRequest): Promise<TextFile[]> {
  const names = texts.map(({ path }) => treePathBytes(path))
  const directories = await readDirectories(own, tree, new Set(names.flatMap(parentsOf).concat('')))
  const modeAt = (name: ByteString): string | undefined => {
    const slash = name.lastIndexOf('/')
    return directories.get(name.slice(0, Math.max(slash, 0)))?.get(name.slice(slash + 1))?.mode
  }
  const distinct = new Set(names)
  if (
    distinct.size < names.length ||
    names.some((name) => parentsOf(name).some((above) => distinct.has(above)))
  )
    throw new KageError('KAGE_PATH_INVALID', 'Two of the buffers cannot both be files.', 'Leave one out.')
  return texts.map(({ path, bytes }, index) => {
    const name = names[index] ?? ''
    const mode = modeAt(name) ?? '100644'
    const below = parentsOf(name)
      .slice(1)
      .every((parent) => isDirectoryMode(modeAt(parent) ?? directoryMode))
    const lying = readWorkFile(workTree, path)
    const plain = lying.kind === 'absent' || (lying.kind === 'file' && lying.mode !== '120000')
    if (mode.startsWith('100') && below && plain) return { path, bytes, name, mode }
    throw new KageError(
      'KAGE_PATH_INVALID',
      `${showPath(path)} is no file that could hold a text.`,
      'Leave that buffer out.',
    )
  })
}

// check-ignore knows no literal paths: behind `./` no name is taken for magic.
async function ignoredOf(place: GitPlace, files: readonly TextFile[]): Promise<TreePath[]> {
  const input = Buffer.from(files.map(({ name }) => `./${name}\0`).join(''), 'latin1')
  const options = { input, okCodes: [0, 1], env: { GIT_LITERAL_PATHSPECS: '0' } }
  const { stdout } = await git(place, ['check-ignore', '-z', '--stdin'], options)
  const ignored = stdout
    .toString('latin1')
    .split('\0')
    .filter((name) => name !== '')
  return ignored.map((name) => pathOfBytes(name.slice(2)))
}

async function writeText(directory: string, { name, mode, bytes }: TextFile): Promise<void> {
  const parent = parentsOf(name).at(-1) ?? ''
  await mkdir(diskPath(directory, parent), { recursive: true })
  await writeFile(diskPath(directory, name), bytes, { mode: mode === '100755' ? 0o755 : 0o644, flag: 'wx' })
}
