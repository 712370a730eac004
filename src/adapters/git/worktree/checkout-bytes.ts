import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { KageError } from '../../../core/error.ts'
import type { Entry, TreePath } from '../../../core/merge/change.ts'
import { bytesOfPath, pathOfBytes } from '../../../core/merge/path.ts'
import { readBlobs } from '../object/blob.ts'
import type { ByteSettings } from '../repository/byte-settings.ts'
import { mayBeEncoding, withUnnamed } from './encodings.ts'
import { framePlace } from './frame.ts'
import { filteredPaths } from '../repository/filters.ts'
import { git } from '../command/git.ts'
import type { GitPlace } from '../command/git.ts'
import { nextAnswer } from '../command/next-answer.ts'
import type { Own } from '../repository/own.ts'

/** An entry of a tree at its path. */
export interface PlacedEntry {
  readonly path: TreePath
  readonly entry: Entry
}

/** The bytes that a checkout into this worktree would write for each entry, line ends and allowed filters included, by one process. */
export async function checkoutBytes(
  own: Own,
  settings: ByteSettings,
  workTree: string,
  wanted: readonly PlacedEntry[],
): Promise<Buffer[]> {
  const links = wanted.filter(({ entry }) => entry.mode === '120000')
  const targets = await readBlobs(
    own,
    links.map(({ entry }) => entry.oid),
  )
  const files = wanted.filter(({ entry }) => entry.mode !== '120000')
  const contents = files.length === 0 ? [] : await filtered(own, settings, workTree, files)
  return wanted.map(({ entry }) =>
    entry.mode === '120000' ? Buffer.from(targets.get(entry.oid) ?? '', 'latin1') : nextAnswer(contents),
  )
}

// git names the size before filtering, which does not help to find the end: a line that no content can foresee does.
async function filtered(
  own: Own,
  settings: ByteSettings,
  workTree: string,
  files: readonly PlacedEntry[],
): Promise<Buffer[]> {
  const fence = randomBytes(16).toString('hex')
  const input = files.map(({ path, entry }) => `${entry.oid} ${bytesOfPath(path)}\0`).join('')
  const place = { ...(await framePlace(own, settings)), workTree }
  await requireFilters(place, settings, files)
  const args = ['cat-file', '-z', '--filters', `--batch=${fence}`]
  const read = async (from: GitPlace): Promise<Buffer[]> => {
    const { stdout } = await git(from, args, { input: Buffer.from(input, 'latin1') })
    return parts(stdout, `${fence}\n`, files.length)
  }
  try {
    return await read(place)
  } catch (thrown) {
    // Bytes that an encoding does not have are written as they are; git fails only where no encoding is named at all.
    if (!mayBeEncoding(thrown)) throw thrown
    const paths = files.map(({ path }) => bytesOfPath(path))
    const found = await withUnnamed(place, join(own.directory, 'temporary'), paths, read)
    if (found === null) throw thrown
    return found
  }
}

/** Without its filter a file's stored form would overwrite its content. */
async function requireFilters(
  place: GitPlace,
  { withheld = [] }: ByteSettings,
  files: readonly PlacedEntry[],
): Promise<void> {
  const paths = files.map(({ path }) => bytesOfPath(path))
  const filtered = await filteredPaths(place, paths, withheld)
  if (filtered.size === 0) return
  const named = [...filtered].map(pathOfBytes).slice(0, 3).join(', ')
  throw new KageError(
    'KAGE_FILTER_UNTRUSTED',
    `The filter of ${named} is not trusted, so it cannot be written.`,
  )
}

// What is missing has no fence, but a line of its own: then there are fewer of them than were asked for.
function parts(output: Buffer, fence: string, count: number): Buffer[] {
  const starts: number[] = []
  for (let at = output.indexOf(fence); at !== -1; at = output.indexOf(fence, at + fence.length))
    starts.push(at)
  if (starts.length !== count || starts[0] !== 0)
    throw new KageError('KAGE_GIT_FAILED', 'A file to write is missing.')
  return starts.map((start, index) =>
    output.subarray(start + fence.length, (starts[index + 1] ?? output.length) - 1),
  )
}
