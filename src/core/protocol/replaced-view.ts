import type { LineRange } from '../merge/lines.ts'

/** A landed change that is replaced: its region, the agent it came from (null: the person's own text), its lines in the base. */
export interface ReplacedView {
  /** Null where the landing was not told by regions. */
  readonly region: string | null
  readonly agent: string | null
  readonly path: string
  readonly pathEncoding?: 'base64'
  /** 0-based, half-open; null for what is taken or left whole. */
  readonly lines: LineRange | null
}
