/** Writes any text but NUL and newline as one argument of a tmux command line, exact in every tmux version. */
export function quote(text: string): string {
  let quoted = '"'
  for (const byte of Buffer.from(text, 'utf8'))
    quoted += isPlain(byte) ? String.fromCharCode(byte) : octal(byte)
  return `${quoted}"`
}

/** Doubles `#` so that a text passes one expansion of formats as it is; `#[` cannot pass, so such a text is null. */
export function literal(text: string): string | null {
  return text.includes('#[') ? null : text.replaceAll('#', '##')
}

/** Writes a path as a word for sh that holds no `#`, `%` or quote of its own, whatever the path holds. */
export function shellWord(path: string): string {
  return `"$(printf '${[...Buffer.from(path, 'utf8')].map(octal).join('')}')"`
}

function isPlain(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x20
  )
}

function octal(byte: number): string {
  return `\\${byte.toString(8).padStart(3, '0')}`
}
