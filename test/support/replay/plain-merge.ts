import { execFileSync } from 'node:child_process'
import type { Oid } from '../../../src/core/merge/change.ts'

/** The objects of a path in conflict: base, ours and theirs, null where it is absent. */
export type Stages = readonly (Oid | null)[]

/** What plain git makes of two commits: the tree, and the paths (latin1) that it could not settle, with what they are in each side. */
export interface PlainMerge {
  readonly tree: Oid
  readonly conflicts: ReadonlyMap<string, Stages>
}

// The two settings that decide what is merged at all, as the engine pins them; the rest is git as it comes.
const settings = ['-c', 'merge.directoryRenames=false', '-c', 'merge.renameLimit=0']

/** Merges pairs of commits by git's own search for their base, all of them by one process. */
export function plainMerges(gitDir: string, pairs: readonly (readonly [Oid, Oid])[]): PlainMerge[] {
  if (pairs.length === 0) return []
  const args = [...settings, `--git-dir=${gitDir}`, 'merge-tree', '--write-tree', '-z', '--no-messages']
  const input = pairs.map(([ours, theirs]) => `${ours} ${theirs}\n`).join('')
  const output = execFileSync('git', [...args, '--stdin'], {
    input,
    env: plainEnvironment(),
    maxBuffer: 1 << 30,
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const fields = output.toString('latin1').split('\0')
  let at = 0
  return pairs.map((pair) => {
    const [status, tree = ''] = fields.slice(at, at + 2)
    const conflicts = new Map<string, Stages>()
    for (at += 2; fields[at] !== ''; at += 1) {
      const [, oid = '', stage = ''] = /^\d+ ([0-9a-f]+) ([123])\t/.exec(fields[at] ?? '') ?? []
      const path = plainPath(fields[at] ?? '', pair)
      const known = conflicts.get(path) ?? [null, null, null]
      conflicts.set(path, known.with(Number(stage) - 1, oid))
    }
    at += 1
    if ((status === '1') !== (conflicts.size === 0)) throw new Error(`git says ${status} of ${pair.join()}`)
    return { tree, conflicts }
  })
}

/** The environment of a git that reads nobody's configuration. */
export function plainEnvironment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_NO_REPLACE_OBJECTS: '1',
  }
}

// A file that stands in the way of a directory is told as `path~side`.
function plainPath(field: string, sides: readonly Oid[]): string {
  const path = field.slice(field.indexOf('\t') + 1)
  const side = sides.find((name) => path.includes(`~${name}`))
  return side === undefined ? path : path.slice(0, path.indexOf(`~${side}`))
}
