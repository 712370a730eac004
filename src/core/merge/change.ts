/**
 * Content as a byte string: one character (U+0000–U+00FF, "latin1") per byte, so that it is compared, cut and joined
 * exactly, whatever its encoding. Adapters convert at their edge.
 */
export type ByteString = string

/** An object's name in git, 40 or 64 hex digits. */
export type Oid = string

/** A path of a tree as text; a byte that is not UTF-8 is the lone surrogate U+DC00 + byte, so that nothing is lost. */
export type TreePath = string

/** What a tree holds at a path: git's mode (`100644`, `100755`, `120000`, `160000`) and the object. */
export interface Entry {
  readonly mode: string
  readonly oid: Oid
}

/** The smallest change of a text: base lines [start, end) become `text`, whole lines with their own ends. */
export interface Atom {
  readonly start: number
  readonly end: number
  readonly text: ByteString
}

/** A changed text: its atoms in ascending order, apart by at least one unchanged line; the entry has the base's mode. */
export interface TextChange {
  readonly kind: 'text'
  readonly path: TreePath
  readonly base: Entry
  readonly entry: Entry
  readonly atoms: readonly Atom[]
}

/**
 * A change that is taken or left whole: the entry at the path becomes `entry`, or nothing. A rename leaves the entry as
 * it is in the base and moves it `to` another path; a mode leaves the object.
 */
export interface UnitChange {
  readonly kind: 'unit'
  readonly unit: UnitKind
  readonly path: TreePath
  readonly base: Entry | null
  readonly entry: Entry | null
  readonly to?: TreePath
  /** Why a text is taken or left whole, where its lines could not be compared. */
  readonly reason?: string
}

export type UnitKind = 'add' | 'delete' | 'rename' | 'mode' | 'type' | 'symlink' | 'submodule' | 'binary'

export type Change = TextChange | UnitChange

/**
 * What an agent produced, as a tree, with its changes against the run's base in order of the paths there: a renamed file
 * has all of its changes under the path that it has in the base.
 */
export interface Candidate {
  readonly agent: string
  readonly tree: Oid
  readonly changes: readonly Change[]
}

/** A decided change of a run and target: an atom of a base file, or a unit; `source` names the agents it comes from. */
export type Decision = AtomDecision | UnitDecision

export interface AtomDecision {
  readonly kind: 'atom'
  readonly path: TreePath
  readonly base: Entry
  /** The base is a new file that is decided beside it, as an agent made it: without that there is nothing to change. */
  readonly newFile?: true
  readonly atom: Atom
  readonly source: readonly string[]
}

export interface UnitDecision {
  readonly kind: 'unit'
  readonly unit: UnitKind
  readonly path: TreePath
  readonly base: Entry | null
  /** The new entry; with `content` its oid is not known before it is written. Null removes the path. */
  readonly entry: Entry | null
  readonly content?: ByteString
  /** Where a rename moves the file. */
  readonly to?: TreePath
  readonly source: readonly string[]
}

/** One file of a composition: its whole new content, an existing object, or nothing (removed). */
export type FileEdit =
  | { readonly path: TreePath; readonly mode: string; readonly content: ByteString }
  | { readonly path: TreePath; readonly mode: string; readonly oid: Oid }
  | { readonly path: TreePath; readonly removed: true }
