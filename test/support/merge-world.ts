import { createHash } from 'node:crypto'
import type { Candidate, Change, Decision, Entry, FileEdit } from '../../src/core/merge/change.ts'
import { compose } from '../../src/core/merge/compose.ts'
import { comparePaths } from '../../src/core/merge/path-order.ts'
import type { RegionView } from '../../src/core/merge/region-view.ts'
import { regionsOf } from '../../src/core/merge/region.ts'
import { referenceDiff, referenceLines } from './reference-diff.ts'

/** The files of a tree: path to content (latin1). */
export type Files = Readonly<Record<string, string>>

/** A base and what agents made of it, all in memory, with the same face to the core as git's adapter has. */
export interface MergeWorld {
  readonly base: Files
  readonly candidates: readonly Candidate[]
  readonly read: (entry: Entry) => string
  readonly regions: (decisions?: readonly Decision[]) => RegionView[]
  readonly composed: (decisions: readonly Decision[]) => Files
}

/** Makes a world of a base and the agents' files. */
export function mergeWorld(base: Files, agents: Readonly<Record<string, Files>>): MergeWorld {
  const contents = new Map<string, string>()
  const entryOf = (content: string): Entry => {
    const oid = createHash('sha1').update(content, 'latin1').digest('hex')
    contents.set(oid, content)
    return { mode: '100644', oid }
  }
  const read = ({ oid }: Entry): string => {
    const content = contents.get(oid)
    if (content === undefined) throw new Error(`No object ${oid}`)
    return content
  }
  const candidates = Object.entries(agents).map(([agent, files]) => ({
    agent,
    tree: '0'.repeat(40),
    changes: changesBetween(base, files, entryOf),
  }))
  const regions = (decisions: readonly Decision[] = []): RegionView[] =>
    regionsOf({ candidates, decisions, baseText: read })
  return {
    base,
    candidates,
    read,
    regions,
    composed: (decisions) => filesAfter(base, compose(decisions, read), read),
  }
}

function changesBetween(base: Files, files: Files, entryOf: (content: string) => Entry): Change[] {
  const moves = movesBetween(base, files)
  const targets = new Set(moves.values())
  const paths = [...new Set([...Object.keys(base), ...Object.keys(files)])].toSorted(comparePaths)
  return paths.flatMap((path): Change[] => {
    const to = moves.get(path)
    const [old, fresh] = [base[path], targets.has(path) ? undefined : files[to ?? path]]
    if (old === undefined && fresh === undefined) return []
    if (fresh === undefined)
      return [{ kind: 'unit', unit: 'delete', path, base: entryOf(old ?? ''), entry: null }]
    if (old === undefined) return [{ kind: 'unit', unit: 'add', path, base: null, entry: entryOf(fresh) }]
    const entry = entryOf(old)
    const rename: Change = { kind: 'unit', unit: 'rename', path, base: entry, entry, to: to ?? path }
    const moved = to === undefined ? [] : [rename]
    if (old === fresh) return moved
    const atoms = referenceDiff(old, fresh)
    return [{ kind: 'text', path, base: entry, entry: entryOf(fresh), atoms }, ...moved]
  })
}

/** Which files of the base lie at another path, as far as half of their lines say so. */
function movesBetween(base: Files, files: Files): Map<string, string> {
  const added = Object.keys(files).filter((path) => !(path in base))
  const moves = new Map<string, string>()
  for (const [path, text] of Object.entries(base)) {
    if (path in files) continue
    const to = added.findIndex((each) => isLike(text, files[each] ?? ''))
    const [found] = to === -1 ? [] : added.splice(to, 1)
    if (found !== undefined) moves.set(path, found)
  }
  return moves
}

function isLike(old: string, fresh: string): boolean {
  const lines = referenceLines(fresh)
  const common = referenceLines(old).filter((line) => lines.includes(line)).length
  return common > 0 && common * 2 >= Math.max(referenceLines(old).length, lines.length)
}

function filesAfter(base: Files, edits: readonly FileEdit[], read: (entry: Entry) => string): Files {
  const files = { ...base }
  for (const edit of edits) {
    if ('removed' in edit) delete files[edit.path]
    else files[edit.path] = 'content' in edit ? edit.content : read(edit)
  }
  return files
}
