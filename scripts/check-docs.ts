import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { commands } from '../src/cli/commands.ts'

// The commands that the table of README.md names are exactly those of the program: rows like "| `ls [--all]` | … |".
const root = resolve(import.meta.dirname, '..')
const readme = join(root, 'README.md')
const text = existsSync(readme) ? readFileSync(readme, 'utf8') : ''
const named = new Set(text.match(/^\|.*$/gm)?.flatMap(commandsOfRow))
const known = new Set(commands.map(({ name }) => name))

const missing = [...known]
  .filter((name) => !named.has(name))
  .map((name) => `README.md: \`kage ${name}\` is missing in the table of commands`)
const unknown = [...named]
  .filter((name) => !known.has(name))
  .map((name) => `README.md: \`kage ${name}\` is no command`)
for (const line of [...missing, ...unknown]) process.stdout.write(`${line}\n`)
process.exitCode = missing.length + unknown.length === 0 ? 0 : 1

function commandsOfRow(row: string): string[] {
  const cell = row.split('|')[1] ?? ''
  return [...cell.matchAll(/`kage ([a-z]+)/g)].flatMap((match) => match[1] ?? [])
}
