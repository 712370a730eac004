import type { WrittenSetting } from './settings.ts'

/** The text of a git configuration file with these settings, in this order. */
export function textOfSettings(settings: readonly WrittenSetting[]): string {
  let text = ''
  let section = ''
  for (const { key, value } of settings) {
    const header = headerOf(key)
    if (header !== section) text += `[${header}]\n`
    section = header
    text += `\t${key.slice(key.lastIndexOf('.') + 1)} = ${quoted(value)}\n`
  }
  return text
}

/** `remote.a.b.url` belongs to the section `remote "a.b"`. */
function headerOf(key: string): string {
  const [first, last] = [key.indexOf('.'), key.lastIndexOf('.')]
  const section = key.slice(0, first)
  if (first === last) return section
  return `${section} "${key.slice(first + 1, last).replaceAll(/["\\]/g, String.raw`\$&`)}"`
}

function quoted(value: string): string {
  const escaped = value.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`)
  return `"${escaped.replaceAll('\t', String.raw`\t`).replaceAll('\b', String.raw`\b`)}"`
}
