/** One call of a command: what was typed, and where the person was. */
export interface Call {
  /** What follows the command's name, as it was typed. */
  readonly words: string
  readonly bang: boolean
  /** The directory whose repository is meant. */
  readonly directory: string
  /** The file of the current buffer, null for none. */
  readonly path: string | null
  readonly line: number
  readonly range: { readonly first: number; readonly last: number; readonly lines: readonly string[] } | null
  /** The agent whose tab page this is. */
  readonly agent: string | null
  /** The id under which the daemon does it once. */
  readonly id: string
}

/** Reads a call that Lua made. */
export function callOf(payload: unknown): Call {
  const given = payload as Partial<Call>
  return {
    words: given.words ?? '',
    bang: given.bang ?? false,
    directory: given.directory ?? '',
    path: given.path ?? null,
    line: given.line ?? 1,
    range: given.range ?? null,
    agent: given.agent ?? null,
    id: given.id ?? crypto.randomUUID(),
  }
}

/** The words of a call, apart. */
export function wordsOf(call: Call): string[] {
  return call.words.split(/\s+/).filter(Boolean)
}
