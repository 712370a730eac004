/** The tags of a help file as `:helptags` makes them, so that `:help` finds it where no plugin manager calls that. */
export function helpTags(file: string, text: string): string {
  const tags = [...text.matchAll(/(?<=^|\s)\*([^\s*|]+)\*(?=\s|$)/gm)].map(([, tag = '']) => tag)
  const lines = tags.map((tag) => `${tag}\t${file}\t/*${tag.replaceAll(/[\\/]/g, '\\$&')}*`)
  const inOrder = lines.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)))
  return inOrder.map((line) => `${line}\n`).join('')
}
