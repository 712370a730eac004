// A text with what says nothing left out: `f( a )  // b` is `f(a)`. It is read from left to right, either in code or
// inside one token (a comment or a string); what is in a string is kept as it is.
import { Blank } from './blank.ts'
import type { Language, Token } from './language.ts'

/** Where a text breaks off: in code (null), or within a token that some text closes, opened so often. */
export type Inside = { readonly token: Token; readonly close: string | null; readonly depth: number } | null

/** The normal form of a text, and where it breaks off. */
export interface NormalForm {
  readonly text: string
  readonly inside: Inside
}

/** The normal form of a text that begins inside something. */
export function normalForm(text: string, language: Language, from: Inside = null): NormalForm {
  if (language.blanks === 'exact') return { text: ended(text.replaceAll('\r\n', '\n')), inside: null }
  const out = new Blank(language)
  const inside = read(text, language, from, out)
  return { text: out.text(), inside }
}

/** Where a text breaks off: the same as of its normal form, some times faster. */
export function insideAfter(text: string, language: Language, from: Inside): Inside {
  return language.tokens.length === 0 ? null : read(text, language, from, null)
}

function read(text: string, { tokens }: Language, from: Inside, out: Blank | null): Inside {
  let [at, inside] = [0, from]
  while (at < text.length) {
    if (inside !== null) [at, inside] = readToken(text, at, inside, out)
    else [at, inside] = readCode(text, at, tokens, out)
  }
  return inside
}

function readCode(
  text: string,
  at: number,
  tokens: readonly Token[],
  out: Blank | null,
): readonly [number, Inside] {
  const run = matchAt(out === null ? noOpening : wordOrBlanks, text, at)?.[0]
  if (run !== undefined) {
    if (run[0] === ' ' || run[0] === '\t') out?.blank(run)
    else out?.code(run)
    return [at + run.length, null]
  }
  for (const token of tokens) {
    const opening = matchAt(token.open, text, at)
    if (opening === null) continue
    if (token.kind === 'comment') out?.comment(opening[0])
    else out?.code(opening[0])
    const close = token.close?.replace('%', opening[1] ?? '') ?? null
    return [at + opening[0].length, { token, close, depth: 1 }]
  }
  const character = text[at] ?? ''
  if (character === '\n') out?.lineEnd()
  else if (/\s/.test(character)) out?.blank(character)
  else out?.code(character)
  return [at + 1, null]
}

/** Reads one piece of a token: what is escaped, what opens or closes, or all up to the next of these. */
function readToken(
  text: string,
  at: number,
  inside: NonNullable<Inside>,
  out: Blank | null,
): readonly [number, Inside] {
  const { token, close, depth } = inside
  const keep = (length: number): number => {
    const piece = text.slice(at, at + length)
    if (token.kind === 'string') out?.exact(piece)
    else out?.comment(piece)
    return at + length
  }
  const character = text[at] ?? ''
  if (token.oneLine && character === '\n') {
    // What was kept of the line is not to be joined with the next one.
    if (token.kind === 'string') out?.exact('\n')
    else out?.lineEnd()
    return [at + 1, null]
  }
  if (token.escapes && character === '\\') return [keep(2), inside]
  if (close !== null && text.startsWith(close, at))
    return [keep(close.length), depth === 1 ? null : { ...inside, depth: depth - 1 }]
  if (token.nested !== null && text.startsWith(token.nested, at))
    return [keep(token.nested.length), { ...inside, depth: depth + 1 }]
  return [keep(matchAt(plainIn(inside), text, at)?.[0].length ?? 1), inside]
}

const wordOrBlanks = /[\w\x80-\xff]+|[ \t]+/y
/** What no token of any language opens with. */
const noOpening = /[^"'`/#\-[<;]+/y

/** The characters that mean nothing within a token; a line end always stands alone. */
function plainIn({ token, close }: NonNullable<Inside>): RegExp {
  const stops = `\n${token.escapes ? '\\' : ''}${close?.[0] ?? ''}${token.nested?.[0] ?? ''}`
  const known = plains.get(stops)
  if (known !== undefined) return known
  const made = new RegExp(`[^${stops.replaceAll(/[\\\]^-]/g, '\\$&')}]+`, 'y')
  plains.set(stops, made)
  return made
}

const plains = new Map<string, RegExp>()

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
