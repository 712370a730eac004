// Characters that nobody sees, or that turn the direction of writing, can make a text read as what it is not
// ("Trojan Source", CVE-2021-42574). Wherever Kage shows a text of strangers they are spelled out, like ⟨U+202E⟩.

/** Default-ignorable and format characters, separators of lines, and halves of a pair; emoji keep their joiners. */
const invisible =
  /(?![\u0600-\u0605\u06dd\u070f\u08e2\u{110bd}\u{110cd}])[\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu
const inEmoji =
  /(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d(?=\p{Extended_Pictographic})|(?<=\p{Emoji})\ufe0f/gu

/** A text in which each invisible character is written as its code point. */
export function spellInvisible(text: string): string {
  if (/^[\u0009-\u007e]*$/.test(text)) return text
  const kept = new Set([...text.matchAll(inEmoji)].map(({ index }) => index))
  return text.replaceAll(invisible, (character: string, index: number) =>
    kept.has(index) ? character : spelled(character),
  )
}

function spelled(character: string): string {
  const point = character.codePointAt(0) ?? 0
  return `⟨U+${point.toString(16).toUpperCase().padStart(4, '0')}⟩`
}
