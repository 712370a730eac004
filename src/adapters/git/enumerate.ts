import { limit } from '../../core/limit.ts'
import type { Candidate, Change, Entry, Oid, UnitKind } from '../../core/merge/change.ts'
import { comparePaths } from '../../core/merge/path-order.ts'
import { pathOfBytes } from '../../core/merge/path.ts'
import { diffOptions, diffPlace } from './diff.ts'
import { git } from './git.ts'
import { createMemo } from './memo.ts'
import type { Own } from './own.ts'
import { parsePatches } from './patch.ts'
import type { RawRecord, Texts, TreePatch } from './patch.ts'

const rootTrees = createMemo<Oid>(limit.comparisonsKept)
const lastPatches = createMemo<readonly TreePatch[]>(3)

/** Lists what each agent's tree changes against the base (a commit or tree), for all of them by two processes, or by none when it was asked just before. */
export async function enumerateCandidates(
  own: Own,
  base: Oid,
  trees: readonly { readonly agent: string; readonly tree: Oid }[],
): Promise<Candidate[]> {
  const oids = trees.map(({ tree }) => tree)
  const root = await rootTrees(`${own.directory} ${base}`, () => treeOf(own, base))
  const patches = await lastPatches([own.directory, root, ...oids].join(' '), () =>
    comparePairs(own, root, oids),
  )
  return trees.map(({ agent, tree }, index) => ({ agent, tree, changes: changesOf(patches[index]) }))
}

async function comparePairs(own: Own, base: Oid, trees: readonly Oid[]): Promise<TreePatch[]> {
  if (trees.length === 0) return []
  const args = [
    'diff-tree',
    '--stdin',
    '-r',
    '-z',
    '--raw',
    '-p',
    '-U0',
    '--irreversible-delete',
    ...diffOptions,
  ]
  const input = trees.map((tree) => `${base} ${tree}\n`).join('')
  const { stdout } = await git(diffPlace(own), args, { input, env: { GIT_ATTR_NOSYSTEM: '1' } })
  return parsePatches(stdout)
}

async function treeOf(own: Own, base: Oid): Promise<Oid> {
  const { stdout } = await git(own.place, ['rev-parse', '--verify', '--end-of-options', `${base}^{tree}`])
  return stdout.toString('latin1').trim()
}

function changesOf(patch: TreePatch | undefined): Change[] {
  if (patch === undefined) return []
  return patch.records
    .map((record) => changeOf(record, patch.texts))
    .toSorted((left, right) => comparePaths(left.path, right.path))
}

function changeOf(record: RawRecord, texts: Texts): Change {
  const path = pathOfBytes(record.path)
  const base = entryOf(record.oldMode, record.oldOid)
  const entry = entryOf(record.newMode, record.newOid)
  const atoms = texts.get(`${record.oldOid}..${record.newOid}`)
  const unit = unitOf(record, atoms === null)
  if (unit !== null || base === null || entry === null) {
    return { kind: 'unit', unit: unit ?? 'type', path, base, entry }
  }
  if (atoms === null || atoms === undefined) return { kind: 'unit', unit: 'binary', path, base, entry }
  return { kind: 'text', path, base, entry, atoms }
}

function entryOf(mode: string, oid: Oid): Entry | null {
  return mode === '000000' ? null : { mode, oid }
}

// A new link, submodule or binary is named so and not `add`: what is added as text can be mixed with another's.
function unitOf({ oldMode, newMode, status }: RawRecord, binary: boolean): UnitKind | null {
  if (status === 'D') return 'delete'
  if (status === 'T') return 'type'
  if (newMode === '120000') return 'symlink'
  if (newMode === '160000') return 'submodule'
  if (binary) return 'binary'
  if (status === 'A') return 'add'
  return oldMode === newMode ? null : 'mode'
}
