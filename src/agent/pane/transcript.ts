import { type Line, emptyLine, shownLine } from './line.ts'

/** Where the transcript is written to. */
export interface Screen {
  readonly write: (text: string) => void
  readonly columns: () => number
  /** Whether it understands the few sequences that a prompt needs. */
  readonly isTerminal: boolean
}

/**
 * A transcript that only grows, with the person's line below it while there is one. Text runs on in its line as it comes;
 * while the person types, it comes in whole lines above theirs, so that neither tears the other.
 */
export class Transcript {
  readonly #screen: Screen
  #atLineStart = true
  #prompted = false
  #held = ''
  #line: Line = emptyLine

  constructor(screen: Screen) {
    this.#screen = screen
  }

  /** Text that can do nothing to the terminal. */
  write(text: string): void {
    if (text === '') return
    if (!this.#prompted) {
      this.#screen.write(text)
      this.#atLineStart = text.endsWith('\n')
      return
    }
    this.#held += text
    const whole = this.#held.slice(0, this.#held.lastIndexOf('\n') + 1)
    if (whole === '') return
    this.#held = this.#held.slice(whole.length)
    this.#screen.write(`${eraseLine}${whole}${this.#promptText()}`)
  }

  /** Ends the line that text is running on in. */
  endLine(): void {
    if (this.#prompted ? this.#held !== '' : !this.#atLineStart) this.write('\n')
  }

  /** Shows the person's line; null takes it away. */
  prompt(line: Line | null): void {
    if (!this.#screen.isTerminal) return
    if (line === null) return this.#unprompt()
    this.#line = line
    const newLine = this.#prompted || this.#atLineStart ? '' : '\n'
    this.#prompted = true
    this.#screen.write(newLine + this.#promptText())
  }

  #unprompt(): void {
    if (!this.#prompted) return
    this.#prompted = false
    this.#atLineStart = true
    this.#screen.write(eraseLine)
    const held = this.#held
    this.#held = ''
    this.write(held)
  }

  #promptText(): string {
    const sign = '> '
    const { text, cursorCells } = shownLine(this.#line, Math.max(4, this.#screen.columns() - sign.length))
    return `${eraseLine}${sign}${text}\r\u001b[${sign.length + cursorCells}C`
  }
}

const eraseLine = '\r\u001b[K'
