import type { TreePath } from '../../../core/merge/change.ts'
import { bytesOfPath, pathOfBytes } from '../../../core/merge/path.ts'
import { git } from '../command/git.ts'
import type { Repository } from './repository.ts'

/** Values of the attribute `merge` by which git merges a text line by line, as Kage does. */
const plain: ReadonlySet<string> = new Set(['unspecified', 'set', 'text'])

/** The paths that git itself would merge by a driver (`merge=union`, `-merge`, one of the person's own), each with its name. */
export async function mergeDrivers(
  { place }: Repository,
  paths: readonly TreePath[],
): Promise<Map<TreePath, string>> {
  if (paths.length === 0) return new Map()
  const input = Buffer.from(paths.map((path) => `${bytesOfPath(path)}\0`).join(''), 'latin1')
  const { stdout } = await git(place, ['check-attr', '-z', '--stdin', 'merge'], { input })
  const fields = stdout.toString('latin1').split('\0')
  const drivers = new Map<TreePath, string>()
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = '', , value = ''] = fields.slice(at, at + 3)
    if (!plain.has(value)) drivers.set(pathOfBytes(path), value === 'unset' ? '-merge' : value)
  }
  return drivers
}
