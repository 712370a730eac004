// One merge in the output of `merge-tree --stdin -z`, fields ended by NUL:
//   status, tree, then `mode oid stage\tpath`… for what is in conflict, an empty field,
//   then (count of paths, the paths, type, text)… and an empty field.
import { KageError } from '../../../core/error.ts'
import type { ByteString, Entry, Oid, TreePath } from '../../../core/merge/change.ts'
import type { Conflict } from '../../../core/merge/conflict.ts'
import { pathOfBytes } from '../../../core/merge/path.ts'
import type { MergeOutcome } from './merge.ts'

/** The outcome of a merge, and the paths of the texts that git has merged without a conflict. */
export interface ParsedMerge {
  readonly outcome: MergeOutcome
  readonly merged: readonly TreePath[]
}

/** Reads the outcomes of a batch; `sides` are the names under which git moves a file out of a directory's way. */
export function parseMerges(output: ByteString, sides: readonly Oid[]): ParsedMerge[] {
  const fields = output.split('\0')
  const merges: ParsedMerge[] = []
  for (let at = 0; at < fields.length - 1;) {
    const { end, ...merge } = parseMerge(fields, at, sides)
    merges.push(merge)
    at = end
  }
  return merges
}

interface Stage {
  readonly path: ByteString
  readonly stage: number
  readonly entry: Entry
}

interface Message {
  readonly paths: readonly ByteString[]
  readonly type: string
}

function parseMerge(
  fields: readonly string[],
  at: number,
  sides: readonly Oid[],
): ParsedMerge & { end: number } {
  const [status = '', tree = ''] = fields.slice(at, at + 2)
  if (status !== '0' && status !== '1')
    throw new KageError('KAGE_GIT_FAILED', `git merge-tree gave the status ${status}.`)
  const { stages, end: stagesEnd } = parseStages(fields, at + 2, sides)
  const { messages, end } = parseMessages(fields, stagesEnd, sides)
  const open = new Set(stages.map(({ path }) => path))
  const merged = messages
    .filter(({ type }) => type === 'Auto-merging')
    .flatMap(({ paths }) => paths.filter((path) => !open.has(path)))
    .map(pathOfBytes)
  if (status === '1') return { outcome: { clean: true, tree }, merged, end }
  return { outcome: { clean: false, tree, conflicts: conflictsOf(stages, messages) }, merged, end }
}

function parseStages(
  fields: readonly string[],
  start: number,
  sides: readonly Oid[],
): { stages: Stage[]; end: number } {
  const stages: Stage[] = []
  let at = start
  for (let field = fields[at]; field !== '' && field !== undefined; field = fields[++at]) {
    const [, mode = '', oid = '', stage = '', path = ''] =
      /^(\d+) ([0-9a-f]+) ([123])\t([^]*)$/.exec(field) ?? []
    stages.push({ path: plainPath(path, sides), stage: Number(stage), entry: { mode, oid } })
  }
  return { stages, end: at + 1 }
}

function parseMessages(
  fields: readonly string[],
  start: number,
  sides: readonly Oid[],
): { messages: Message[]; end: number } {
  const messages: Message[] = []
  let at = start
  while (isMessage(fields, at)) {
    const count = Number(fields[at])
    const paths = fields.slice(at + 1, at + 1 + count).map((path) => plainPath(path, sides))
    messages.push({ paths, type: fields[at + 1 + count] ?? '' })
    at += count + 3
  }
  // Where submodules are in conflict, git puts advice in words into the last field, which is empty otherwise.
  const isNext = at === fields.length - 1 || /^[01]$/.test(fields[at] ?? '')
  return { messages, end: isNext ? at : at + 1 }
}

// The next merge begins with its status and a tree; a message with a count of paths, the paths and a text.
function isMessage(fields: readonly string[], at: number): boolean {
  const count = Number(fields[at])
  if (fields[at] === '' || !Number.isInteger(count)) return false
  return /^(CONFLICT|Auto-merging|[A-Z])/.test(fields[at + 1 + count] ?? '')
}

function conflictsOf(stages: readonly Stage[], messages: readonly Message[]): Conflict[] {
  const paths = [...new Set(stages.map((stage) => stage.path))]
  return paths.map((path) => {
    const side = (number: number): Entry | null =>
      stages.find((stage) => stage.path === path && stage.stage === number)?.entry ?? null
    const sides = { base: side(1), ours: side(2), theirs: side(3) }
    const together = pathsTogether(path, messages).map(pathOfBytes)
    return {
      path: pathOfBytes(path),
      kind: kindOf(path, sides, messages),
      paths: together,
      ...sides,
      parts: null,
    }
  })
}

/** The paths that are in conflict with each other: of a file that both sides renamed the old name and both new ones. */
function pathsTogether(path: ByteString, messages: readonly Message[]): ByteString[] {
  const told = messages.filter(({ type }) => /^CONFLICT \((?!contents\))/.test(type))
  const paths = new Set([path])
  for (let known = 0; known < paths.size;) {
    known = paths.size
    for (const message of told)
      if (message.paths.some((each) => paths.has(each))) for (const each of message.paths) paths.add(each)
  }
  return [...paths].toSorted((left, right) => (left < right ? -1 : 1))
}

function kindOf(
  path: ByteString,
  sides: Pick<Conflict, 'base' | 'ours' | 'theirs'>,
  messages: readonly Message[],
): string {
  const words = messages
    .filter((message) => message.paths.includes(path))
    .flatMap((message) => /^CONFLICT \((.+)\)$/.exec(message.type)?.slice(1) ?? [])
  const special = words.find((word) => word !== 'contents')
  if (special !== undefined) return special
  return sides.base === null && sides.ours !== null && sides.theirs !== null ? 'add/add' : 'content'
}

// git moves a file away from a directory of the same name to `path~side`, or `path~side_0` where that exists too.
function plainPath(path: ByteString, sides: readonly Oid[]): ByteString {
  const [, plain, side] = /^([^]*)~([0-9a-f]{40,64})(?:_\d+)?$/.exec(path) ?? []
  return plain !== undefined && side !== undefined && sides.includes(side) ? plain : path
}
