import type { Language } from './language.ts'

/** Joins the pieces of a text and decides of the blanks between them which are kept, by the rules of its language. */
export class Blank {
  readonly #language: Language
  readonly #pieces: string[] = []
  /** The blanks since the last piece, and whether a line ended there. */
  #blanks = ''
  #isLineEnd = false
  #hasComment = false
  #last = '\n'

  constructor(language: Language) {
    this.#language = language
  }

  /** Everything so far; the last line has an end. */
  text(): string {
    if (this.#language.blanks === 'kept' && (this.#last !== '\n' || this.#blanks !== '')) this.lineEnd()
    return this.#pieces.join('')
  }

  /** Blanks within a line. */
  blank(text: string): void {
    this.#blanks += text
  }

  /** The end of a line in code, or of a comment there. */
  lineEnd(): void {
    if (this.#language.blanks !== 'kept') {
      this.#isLineEnd = true
      return
    }
    const onlyComment = this.#hasComment && this.#last === '\n'
    this.#blanks = ''
    this.#hasComment = false
    if (!onlyComment) this.exact('\n')
  }

  /** A part of a comment: a blank, or the end of a line where it has one. */
  comment(piece: string): void {
    this.#hasComment = true
    if (this.#language.blanks === 'kept') return
    if (this.#blanks === '') this.#blanks = ' '
    this.#isLineEnd ||= piece === '\n'
  }

  /** A piece of code, or the opening of a string. */
  code(piece: string): void {
    this.exact(this.#between(piece[0] ?? '') + piece)
  }

  /** A piece that is kept as it is. */
  exact(piece: string): void {
    this.#pieces.push(piece)
    this.#last = piece.at(-1) ?? this.#last
    this.#blanks = ''
    this.#isLineEnd = false
  }

  /** What stays of the blanks between the last piece and the next. */
  #between(next: string): string {
    const { blanks, longNames } = this.#language
    if (blanks === 'kept') return this.#blanks
    if (this.#last === '\n') return ''
    const isLineEnd = this.#isLineEnd && blanks !== 'free'
    if (isLineEnd && !(blanks === 'wrapped' && isWrapped(this.#last, next))) return '\n'
    if (!this.#isLineEnd && this.#blanks === '') return ''
    if (blanks === 'words') return ' '
    return isPartedByBlank(this.#last, next, longNames) ? ' ' : ''
  }
}

/** Whether a line break there means nothing: a bracket or a list is open, or the next line goes on. */
function isWrapped(last: string, next: string): boolean {
  return '([{,;'.includes(last) || ')]}.,'.includes(next)
}

/** Whether two characters that a blank stands between could become something else without it. */
function isPartedByBlank(last: string, next: string, longNames: boolean): boolean {
  if (longNames) return isOfLongName(last) && isOfLongName(next)
  if (isOfWord(last)) return isOfWord(next) || isQuote(next) || (next === '.' && /\d/.test(last))
  if (isQuote(last)) return isOfWord(next) || isQuote(next)
  return isOfOperator(last) && isOfOperator(next)
}

function isOfLongName(character: string): boolean {
  return !/[\s()[\]{}]/.test(character)
}

function isOfWord(character: string): boolean {
  return /[\w\x80-\xff]/.test(character)
}

function isQuote(character: string): boolean {
  return '"\'`'.includes(character)
}

function isOfOperator(character: string): boolean {
  return !/[\s()[\]{},;]/.test(character) && !isOfWord(character) && !isQuote(character)
}
