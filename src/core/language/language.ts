/**
 * Which blanks a kind of file does not mean, from the freest to the strictest:
 *   free     any blanks and line breaks between two words
 *   wrapped  blanks; line breaks only where a bracket or a comma is open (`f(` … `,` … `)`), or a `.` follows
 *   lines    blanks, but no line breaks
 *   words    how many blanks there are, but not whether; no line breaks
 *   kept     blanks at the end of a line
 *   exact    none: only how a line ends (LF or CRLF)
 */
export type Blanks = 'free' | 'wrapped' | 'lines' | 'words' | 'kept' | 'exact'

/** A comment or a string: from a match of `open` to `close`, or to the end of the line. */
export interface Token {
  readonly kind: 'comment' | 'string'
  /** Tried at each place that is no word; sticky. What its first group matched is put for `%` in `close`. */
  readonly open: RegExp
  /** Null: the end of the line. */
  readonly close: string | null
  /** Whether it ends with its line at the latest. */
  readonly oneLine: boolean
  /** Whether a backslash takes away the meaning of the character after it. */
  readonly escapes: boolean
  /** What opens one more of them inside, where they nest. */
  readonly nested: string | null
}

/** How a kind of file is written, as far as it has to be known to leave out what says nothing. */
export interface Language {
  readonly blanks: Blanks
  readonly tokens: readonly Token[]
  /** Whether names hold nearly every character (Lisp), so that only brackets part them. */
  readonly longNames: boolean
}

/** A comment to the end of its line. */
export function lineComment(open: RegExp): Token {
  return { kind: 'comment', open, close: null, oneLine: true, escapes: false, nested: null }
}

/** A comment between two marks. */
export function blockComment(open: RegExp, close: string, nested: string | null = null): Token {
  return { kind: 'comment', open, close, oneLine: false, escapes: false, nested }
}

/** A comment that some tool reads: it says something, and is kept as a string is. */
export function directive(open: RegExp, close: string | null = null): Token {
  return { kind: 'string', open, close, oneLine: close === null, escapes: false, nested: null }
}

/** A string that ends with its line at the latest, with backslashes. */
export function shortString(open: RegExp, close: string): Token {
  return { kind: 'string', open, close, oneLine: true, escapes: true, nested: null }
}

/** A string over any number of lines. */
export function longString(open: RegExp, close: string, escapes: boolean): Token {
  return { kind: 'string', open, close, oneLine: false, escapes, nested: null }
}
