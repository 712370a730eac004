// Finds the lines of keys in a file that the TOML parser has accepted: `[agents.mine]` on line 3 and `kind = …` on
// line 4 are the paths agents.mine (3) and agents.mine.kind (4). What stands inside a value is skipped.

/** Finds, for a text, the line from 1 where a key is written, or where the nearest table around it is. */
export function keyLines(text: string): (path: readonly string[]) => number {
  const lines = new Map<string, number>()
  let table: readonly string[] = []
  let line = 1
  for (let at = 0, end = 0; at < text.length; at = end + 1) {
    end = endOfStatement(text, at)
    const statement = text.slice(at, end)
    const written = pathOf(statement)
    if (written?.header) table = written.words
    if (written !== null) note(lines, written.header ? table : [...table, ...written.words], line)
    line += statement.split('\n').length
  }
  return (path) =>
    path
      .map((_, index) => lines.get(JSON.stringify(path.slice(0, index + 1))))
      .findLast((found) => found !== undefined) ?? 1
}

/** The first line on which a path is begun counts. */
function note(lines: Map<string, number>, path: readonly string[], line: number): void {
  for (let length = 1; length <= Math.min(path.length, 8); length++) {
    const key = JSON.stringify(path.slice(0, length))
    if (!lines.has(key)) lines.set(key, line)
  }
}

/** The words before a statement's "=" or inside a header's brackets; null for an empty line or a comment. */
function pathOf(statement: string): { words: string[]; header: boolean } | null {
  const trimmed = statement.trimStart()
  if (trimmed === '' || trimmed.startsWith('#')) return null
  const header = trimmed.startsWith('[')
  const words = header ? trimmed.replace(/^\[+/, '') : trimmed
  const word = /^\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*(\.?)/
  const found: string[] = []
  for (let rest = words; ;) {
    const match = word.exec(rest)
    if (match === null) return { words: found, header }
    found.push(match[1] === undefined ? (match[2] ?? match[3] ?? '') : unescaped(match[1]))
    if (match[4] === '') return { words: found, header }
    rest = rest.slice(match[0].length)
  }
}

function unescaped(quoted: string): string {
  try {
    return String(JSON.parse(`"${quoted}"`))
  } catch {
    return quoted
  }
}

/** Where the line ends on which a statement ends: past strings and brackets that go on over several lines. */
function endOfStatement(text: string, start: number): number {
  const token = /"""(?:[^\\]|\\[^])*?"""|'''[^]*?'''|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|[[\]{}\n]/g
  token.lastIndex = start
  let depth = 0
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    if (match[0] === '[' || match[0] === '{') depth++
    if (match[0] === ']' || match[0] === '}') depth--
    if (match[0] === '\n' && depth <= 0) return match.index
  }
  return text.length
}
