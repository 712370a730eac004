import { randomBytes } from 'node:crypto'
import type { Entry, TreePath } from '../../core/merge/change.ts'
import { bytesOfPath } from '../../core/merge/path.ts'
import { readBlobs } from './blob.ts'
import type { ByteSettings } from './byte-settings.ts'
import { framePlace } from './frame.ts'
import { git } from './git.ts'
import type { Own } from './own.ts'

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
  let next = 0
  return wanted.map(({ entry }) =>
    entry.mode === '120000' ? Buffer.from(targets.get(entry.oid) ?? '', 'latin1') : contents[next++]!,
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
  const args = ['cat-file', '-z', '--filters', `--batch=${fence}`]
  const { stdout } = await git(place, args, { input: Buffer.from(input, 'latin1') })
  return parts(stdout, `${fence}\n`, files.length)
}

function parts(output: Buffer, fence: string, count: number): Buffer[] {
  const found: Buffer[] = []
  let start = output.indexOf(fence) + fence.length
  for (let number = 0; number < count; number++) {
    const next = output.indexOf(`\n${fence}`, start)
    const end = next === -1 ? output.length - 1 : next
    found.push(output.subarray(start, end))
    start = end + 1 + fence.length
  }
  return found
}
