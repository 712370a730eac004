import { spellInvisible } from '../core/text/visible.ts'

/**
 * A text that can do nothing to a terminal: control characters but newline and tab become visible signs of one cell,
 * invisible characters and lone surrogates are spelled out.
 */
export function printable(text: string): string {
  const shown = text
    .replaceAll('\r\n', '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f]/g, (control) =>
      String.fromCharCode(0x2400 + control.charCodeAt(0)),
    )
    .replaceAll('\u007f', '\u2421')
    .replace(/[\u0080-\u009f]/g, '\ufffd')
  return spellInvisible(shown).toWellFormed()
}

/** The same on one line. */
export function printableLine(text: string): string {
  return printable(text).replaceAll('\n', '⏎').replaceAll('\t', ' ')
}
