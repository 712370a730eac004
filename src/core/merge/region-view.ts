// A region is a view, never stored: per base file the union of all touching atoms of all candidates and decisions,
// and per path one further region each for its new path, its mode, and for other changes that are taken whole. A renamed
// file's regions stand under its path in the base. With a base of nine lines,
//   coder-1 changes [2, 4), coder-2 inserts at 4, coder-3 changes [6, 7)
// gives the regions [2, 4) (variants a: coder-1, b: coder-2) and [6, 7) (variant a: coder-3).
import type { Spacing } from './spacing.ts'
import type { Atom, AtomDecision, ByteString, Entry, TreePath, UnitDecision, UnitKind } from './change.ts'

interface RegionFace {
  /** The same while path, base range and base object stay. */
  readonly key: string
  /** In the base, or of a new file. */
  readonly path: TreePath
  /** All agents that were compared, also those that changed nothing here. */
  readonly agents: readonly string[]
}

/** Base lines [start, end) of a text that somebody changed. */
export interface TextRegion extends RegionFace {
  readonly kind: 'text'
  readonly start: number
  readonly end: number
  readonly base: Entry
  /** Edges where another region begins at once: an insertion there belongs to that one. */
  readonly open?: { readonly start: boolean; readonly end: boolean }
  /** The base is a new file that is decided, as an agent made it. */
  readonly newFile?: true
  readonly baseText: ByteString
  readonly variants: readonly TextVariant[]
  readonly decided: readonly AtomDecision[]
}

/** A path that somebody changed in a way that is taken or left whole. */
export interface UnitRegion extends RegionFace {
  readonly kind: UnitKind
  readonly start: null
  readonly end: null
  readonly base: Entry | null
  readonly baseText: null
  readonly variants: readonly UnitVariant[]
  readonly decided: readonly UnitDecision[]
}

export type RegionView = TextRegion | UnitRegion

/** What some agents made of a text region, all with the same result; `atoms` are the first agent's. */
export interface TextVariant {
  readonly letter: string
  readonly agents: readonly string[]
  readonly text: ByteString
  readonly atoms: readonly Atom[]
  /** How it differs from the base, where that is only in whitespace. */
  readonly spacing?: Spacing
  readonly decided: boolean
}

/** What some agents made of a path, all with the same entry (null: removed), or where they all moved it. */
export interface UnitVariant {
  readonly letter: string
  readonly agents: readonly string[]
  readonly unit: UnitKind
  readonly entry: Entry | null
  readonly to?: TreePath
  /** Why a text is taken or left whole, where its lines could not be compared. */
  readonly reason?: string
  readonly decided: boolean
}

export type VariantView = TextVariant | UnitVariant
