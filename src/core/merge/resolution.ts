import { KageError } from '../error.ts'
import type { ByteString, FileEdit } from './change.ts'
import type { Conflict, ConflictName, NamedConflict, Resolution, ResolutionChoice, Said } from './conflict.ts'
import { joinTexts } from './lines.ts'
import { type TextConflict, textOfParts } from './merge-text.ts'

/** What was said to a conflict or a region of one. */
export interface Used extends ConflictName {
  readonly resolution: Resolution
}

/** What can be said to a conflict as a whole; a region of a text takes every word. */
export function choicesFor(conflict: Conflict): ResolutionChoice[] {
  const { base, ours, theirs, parts } = conflict
  if (parts !== null) return ['ours', 'theirs', 'ours+theirs', 'theirs+ours', 'edited']
  const isFile = [base, ours, theirs].every((entry) => entry === null || entry.mode.startsWith('100'))
  return isFile && !isHanging(conflict) ? ['ours', 'theirs', 'edited'] : ['ours', 'theirs']
}

/** Whether what becomes of a path is a matter of other paths, too, or git's tree has it under a name of its own. */
export function isHanging({ kind, paths }: Conflict): boolean {
  return paths.length > 1 || !/^(content|add\/add|binary|modify\/delete|submodule.*)$/.test(kind)
}

/** What is said to a conflict as a whole, or null; what cannot be said to it is refused. */
export function resolutionFor(conflict: NamedConflict, said: Said): Resolution | null {
  const resolution = said.to(conflict)
  const choices = choicesFor(conflict)
  if (resolution === null || choices.includes(resolution.choice)) return resolution
  const message = `${conflict.id} (${conflict.kind}) cannot be resolved by ${resolution.choice}.`
  throw new KageError('KAGE_CHOICE_INVALID', message, `Say one of ${choices.join(', ')}.`)
}

/** What a path that stands for itself becomes by what is said, null while something of it is open; and what of it was used. */
export function resolvedEdit(
  conflict: NamedConflict,
  said: Said,
): { readonly edit: FileEdit | null; readonly used: readonly Used[] } {
  const { path, id, key, parts, regions } = conflict
  if (isHanging(conflict)) return { edit: null, used: [] }
  const whole = resolutionFor(conflict, said)
  const used: Used[] = whole === null ? [] : [{ id, key, resolution: whole }]
  if (parts === null || whole?.choice === 'edited')
    return { edit: whole === null ? null : wholeEdit(conflict, whole), used }
  let next = 0
  const content = textOfParts(parts, (part) => {
    const region = regions[next++]
    const own = region === undefined ? null : said.to(region)
    if (region !== undefined && own !== null) used.push({ id: region.id, key: region.key, resolution: own })
    const resolution = own ?? whole
    return resolution === null ? null : resolvedText(part, resolution)
  })
  const isTheirs = hasOtherModes(conflict) && whole?.choice.startsWith('theirs') === true
  const mode = isTheirs ? (conflict.theirs?.mode ?? '100644') : mergedMode(conflict)
  return { edit: content === null ? null : { path, mode, content }, used }
}

/** What the lines of a conflict become. */
function resolvedText({ ours, theirs }: TextConflict, resolution: Resolution): ByteString {
  if (resolution.choice === 'edited') return resolution.text
  const sides = { ours, theirs }
  const [first, second] = resolution.choice.split('+') as ('ours' | 'theirs')[]
  return joinTexts([first, second].map((side) => (side === undefined ? '' : sides[side])))
}

/** Whether both sides made a file, each with another mode: nothing tells which of them is meant. */
export function hasOtherModes({ base, ours, theirs }: Conflict): boolean {
  return base === null && ours !== null && theirs !== null && ours.mode !== theirs.mode
}

/** The mode that a file in conflict has: the one that a side changed it to; the person's own where that says nothing. */
export function mergedMode(conflict: Conflict): string {
  const { base, ours, theirs } = conflict
  if (hasOtherModes(conflict)) return ours?.mode ?? '100644'
  const changed = theirs === null || theirs.mode === base?.mode ? ours : theirs
  return (changed ?? theirs ?? base)?.mode ?? '100644'
}

function wholeEdit(conflict: NamedConflict, resolution: Resolution): FileEdit {
  const { path, ours, theirs } = conflict
  if (resolution.choice === 'edited') return { path, mode: mergedMode(conflict), content: resolution.text }
  const entry = resolution.choice === 'ours' ? ours : theirs
  return entry === null ? { path, removed: true } : { path, ...entry }
}
