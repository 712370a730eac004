/** What a person does at the keyboard. */
export type Key = { readonly kind: 'text'; readonly text: string } | { readonly kind: KeyName }

export type KeyName =
  | 'enter'
  | 'interrupt'
  | 'backspace'
  | 'delete'
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'clear'
  | 'word'

/** Turns what a terminal sends into keys, however it is cut into pieces; a bracketed paste is one text. */
export class KeyReader {
  #rest = ''
  #pasted: string | null = null

  push(piece: string): readonly Key[] {
    this.#rest += piece
    const keys: Key[] = []
    for (;;) {
      const before = this.#rest
      const key = this.#pasted === null ? this.#next() : this.#paste()
      if (key !== null) keys.push(key)
      else if (before === this.#rest) return keys
    }
  }

  #next(): Key | null {
    const plain = /^[^\u0000-\u001f\u007f-\u009f]+/.exec(this.#rest)?.[0]
    if (plain !== undefined) return this.#took(plain.length, { kind: 'text', text: plain.toWellFormed() })
    if (this.#rest.startsWith('\u001b')) return this.#escape()
    const control = this.#rest[0]
    if (control === undefined) return null
    if (control === '\n' || control === '\t') return this.#took(1, { kind: 'text', text: control })
    const kind = controls[control]
    return this.#took(1, kind === undefined ? null : { kind })
  }

  /** `ESC [ 3 ~`, `ESC O D`; half of one waits for the rest, an ESC before anything else means nothing. */
  #escape(): Key | null {
    if (this.#rest === '\u001b') return null
    const sequence = /^\u001b(?:\[[0-9;?<=>]*[ -/]*[@-~]|O[@-~])/.exec(this.#rest)?.[0]
    if (sequence === undefined) {
      const isHalf = /^\u001b(?:\[[0-9;?<=>]*[ -/]*|O)$/.test(this.#rest) && this.#rest.length < 32
      return isHalf ? null : this.#took(1, null)
    }
    if (sequence === pasteBegins) this.#pasted = ''
    const kind = sequences[sequence.slice(2)]
    return this.#took(sequence.length, kind === undefined ? null : { kind })
  }

  #paste(): Key | null {
    const end = this.#rest.indexOf(pasteEnds)
    if (end < 0) {
      const taken = Math.max(0, this.#rest.length - pasteEnds.length + 1)
      this.#pasted += this.#rest.slice(0, taken)
      this.#rest = this.#rest.slice(taken)
      return null
    }
    const text = this.#pasted + this.#rest.slice(0, end)
    this.#pasted = null
    return this.#took(end + pasteEnds.length, { kind: 'text', text: pastedText(text) })
  }

  #took(length: number, key: Key | null): Key | null {
    this.#rest = this.#rest.slice(length)
    return key
  }
}

function pastedText(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
    .toWellFormed()
}

const pasteBegins = '\u001b[200~'
const pasteEnds = '\u001b[201~'

const controls: Readonly<Record<string, KeyName>> = {
  '\r': 'enter',
  '\u0003': 'interrupt',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u0001': 'home',
  '\u0005': 'end',
  '\u0002': 'left',
  '\u0006': 'right',
  '\u0015': 'clear',
  '\u0017': 'word',
}

const sequences: Readonly<Record<string, KeyName>> = {
  D: 'left',
  C: 'right',
  H: 'home',
  F: 'end',
  '1~': 'home',
  '4~': 'end',
  '3~': 'delete',
}
