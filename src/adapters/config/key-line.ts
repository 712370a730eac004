// Finds the lines of keys in a file that the TOML parser has accepted: `[agents.mine]` on line 3 and `kind = …` on
// line 4 are the paths agents.mine (3) and agents.mine.kind (4). What stands inside a value is skipped.

/** The line, from 1, where a key is written, or where the nearest table around it is. */
export function lineOfKey(text: string, path: readonly string[]): number {
  const written = keysOf(text)
  for (let length = path.length; length > 0; length--) {
    const wanted = JSON.stringify(path.slice(0, length))
    const found = written.find((key) => JSON.stringify(key.path.slice(0, length)) === wanted)
    if (found !== undefined) return found.line
  }
  return 1
}

interface WrittenKey {
  readonly path: readonly string[]
  readonly line: number
}

function keysOf(text: string): WrittenKey[] {
  const keys: WrittenKey[] = []
  let table: readonly string[] = []
  let at = 0
  let line = 1
  while (at < text.length) {
    const end = endOfStatement(text, at)
    const path = pathOf(text.slice(at, end))
    if (path !== null && path.header) table = path.words
    if (path !== null) keys.push({ path: path.header ? table : [...table, ...path.words], line })
    line += text.slice(at, end).split('\n').length
    at = end + 1
  }
  return keys
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
